package dev.hotswap.api;

/**
 * Is told every {@link SwapEvent}, on the thread on which it happens: the swap's own, the asker's
 * for a refusal before its turn, the stopping one for {@link SwapEvent.Withdrawn}. Never under a
 * lock; a slow listener delays the swap, not the callers. What it throws is logged and otherwise
 * ignored.
 */
@FunctionalInterface
public interface SwapListener {
  void on(SwapEvent event);

  /**
   * Is told that the swap which this thread has asked for has come to a step, before it does or
   * waits for anything in it. For showing where a swap is: it is no event, and nobody records it.
   * Listeners that are told on other threads (the host's builder can have an executor for that) do
   * not get it.
   */
  default void entered(Step step) {
    // not every listener shows that
  }
}
