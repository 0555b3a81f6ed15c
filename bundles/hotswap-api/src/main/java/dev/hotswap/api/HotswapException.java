package dev.hotswap.api;

/**
 * The root of everything Hotswap itself throws. Its leaves carry objects as well as text. They
 * never carry a throwable of a plugin, because that would keep the plugin's classes alive: what a
 * plugin threw is there as text.
 */
public abstract class HotswapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected HotswapException(String message) {
    super(message);
  }

  protected HotswapException(String message, Throwable cause) {
    super(message, cause);
  }
}
