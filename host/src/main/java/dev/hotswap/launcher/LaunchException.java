package dev.hotswap.launcher;

import dev.hotswap.api.HotswapException;

/** The host was open, but what the launcher adds to it did not start; it is closed again. */
final class LaunchException extends HotswapException {
  private static final long serialVersionUID = 1L;

  LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}
