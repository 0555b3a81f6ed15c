package dev.hotswap.api;

/** The heap was not walked: why, what is left of the dump, and what to do. */
public final class HeapWalkException extends HotswapException {
  private static final long serialVersionUID = 1L;

  public HeapWalkException(String message) {
    super(message);
  }

  public HeapWalkException(String message, Throwable cause) {
    super(message, cause);
  }
}
