package dev.hotswap.leaks.heap;

/** The file is no heap dump, or not all of one. */
public final class DamagedDumpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DamagedDumpException(String message) {
    super(message);
  }

  DamagedDumpException(String message, Throwable cause) {
    super(message, cause);
  }
}
