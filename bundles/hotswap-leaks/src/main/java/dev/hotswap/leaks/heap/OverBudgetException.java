package dev.hotswap.leaks.heap;

/** The reading was given up, because it would have taken more time or memory than it may. */
public final class OverBudgetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OverBudgetException(String message) {
    super(message);
  }
}
