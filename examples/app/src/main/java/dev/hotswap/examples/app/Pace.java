package dev.hotswap.examples.app;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Beats at a fixed rate for a while. Beats that were missed are skipped, not made up for. */
final class Pace {
  private final long step;
  private final long length;
  private final long start = System.nanoTime();

  Pace(Duration step, Duration length) {
    this.step = step.toNanos();
    this.length = length.toNanos();
  }

  /**
   * Waits for the next beat.
   *
   * @return false when the time is over first
   */
  boolean awaitBeat() throws InterruptedException {
    long elapsed = elapsed().toNanos();
    long next = (elapsed / step + 1) * step;
    TimeUnit.NANOSECONDS.sleep(Math.min(next, length) - elapsed);
    return next < length;
  }

  /** Whether half of the time is over. */
  boolean isHalfOver() {
    return elapsed().toNanos() >= length / 2;
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
