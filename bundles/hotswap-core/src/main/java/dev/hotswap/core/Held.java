package dev.hotswap.core;

import dev.hotswap.api.Holder;

/**
 * A holder, and its thread as long as there is one. Not to be kept.
 *
 * @param thread of a lease the one that took it; null when it has ended
 */
record Held(Holder holder, Thread thread) {

  /** Interrupts the thread of a call. It may have come out by now: then it meets its next wait. */
  boolean tryInterrupt() {
    boolean calls = holder.kind() == Holder.Kind.CALL && thread != null;
    if (calls) {
      thread.interrupt();
    }
    return calls;
  }
}
