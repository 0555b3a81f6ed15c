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
}
