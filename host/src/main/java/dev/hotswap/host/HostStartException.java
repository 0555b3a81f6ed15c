package dev.hotswap.host;

import dev.hotswap.api.HotswapException;

/** The host did not open. Whatever it had begun is undone; nothing runs. */
public final class HostStartException extends HotswapException {
  private static final long serialVersionUID = 1L;

  HostStartException(String message) {
    super(message);
  }

  HostStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
