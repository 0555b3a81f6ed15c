package dev.hotswap.api;

/**
 * Is told every {@link SwapEvent}. Called on the swapping side, never on a caller's thread and
 * never under a lock; a slow listener delays the swap, not the callers. What it throws is logged
 * and otherwise ignored.
 */
@FunctionalInterface
public interface SwapListener {
  void on(SwapEvent event);
}
