package dev.hotswap.examples.app;

import dev.hotswap.examples.rules.Answer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * The callers' own count of their calls, and their judgement of each answer. Owes nothing to what
 * the host says. Thread-safe.
 */
final class Tally {
  private final LongAdder calls = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder mixed = new LongAdder();
  private final AtomicReference<String> firstFailure = new AtomicReference<>();
  private volatile long horizon;

  /**
   * @param now the {@link System#nanoTime()} before anything was loaded
   */
  Tally(long now) {
    horizon = now;
  }

  /**
   * Says that a swap has returned: from now on no call may be answered by an object that was made
   * before the swap began.
   */
  void swapReturned(long began) {
    horizon = began;
  }

  /** How new an answer must be to a call that begins now. */
  long horizon() {
    return horizon;
  }

  /**
   * Counts a call that came back.
   *
   * @param horizon what {@link #horizon()} said before the call began
   */
  void returned(Answer answer, long horizon) {
    calls.increment();
    if (answer.isMixed()) {
      mixed.increment();
    }
    if (answer.isOlderThan(horizon)) {
      stale.increment();
    }
  }

  /** Counts a call that threw. Keeps text only: a plugin's throwable keeps its classes alive. */
  void threw(Throwable thrown) {
    calls.increment();
    failed.increment();
    firstFailure.compareAndSet(null, thrown.toString());
  }

  long calls() {
    return calls.sum();
  }

  long failed() {
    return failed.sum();
  }

  long stale() {
    return stale.sum();
  }

  long mixed() {
    return mixed.sum();
  }

  Optional<String> firstFailure() {
    return Optional.ofNullable(firstFailure.get());
  }
}
