package dev.hotswap.core;

import dev.hotswap.api.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One swap at a time, in the order of asking. Thread-safe. */
final class Turn {
  private final Semaphore permit = new Semaphore(1, true);
  private volatile Thread holder;
  private volatile boolean closing;

  /**
   * Waits for the turn. Whoever got it calls {@link #end()}.
   *
   * @return why there will be no turn; empty when it is the caller's now
   */
  Optional<Refusal> begin(String what) {
    try {
      permit.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new Refusal.Failed(what, "interrupted while waiting its turn"));
    }
    if (closing) {
      permit.release();
      return Optional.of(new Refusal.Closing(what));
    }
    holder = Thread.currentThread();
    return Optional.empty();
  }

  boolean isHeldBy(Thread thread) {
    return holder == thread;
  }

  /** Whether no turn is given any more. */
  boolean isClosing() {
    return closing;
  }

  void end() {
    holder = null;
    permit.release();
  }

  /**
   * Gives no turn any more, and waits for the last one.
   *
   * @return whether it has ended, or there was none
   */
  boolean close(Duration limit) throws InterruptedException {
    closing = true;
    boolean ended = permit.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (ended) {
      permit.release(); // for those who wait for it, to be refused
    }
    return ended;
  }
}
