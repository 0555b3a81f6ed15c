package dev.hotswap.host;

import dev.hotswap.api.HotswapException;

/**
 * The host is closed as far as it could be: nothing answers and nothing is swapped any more, but
 * its framework did not stop. What runs on, and what that keeps, is said.
 */
public final class HostCloseException extends HotswapException {
  private static final long serialVersionUID = 1L;

  HostCloseException(String message) {
    super(message);
  }

  HostCloseException(String message, Throwable cause) {
    super(message, cause);
  }
}
