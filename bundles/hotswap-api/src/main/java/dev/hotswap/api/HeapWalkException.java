package dev.hotswap.api;

/** The heap was not walked: why, and what to do. Nothing of the dump is left. */
public final class HeapWalkException extends HotswapException {
  private static final long serialVersionUID = 1L;

  public HeapWalkException(String message) {
    super(message);
  }

  public HeapWalkException(String message, Throwable cause) {
    super(message, cause);
  }
}
