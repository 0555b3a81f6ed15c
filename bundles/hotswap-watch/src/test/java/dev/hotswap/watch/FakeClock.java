package dev.hotswap.watch;

import java.time.Duration;
import java.time.Instant;

/** Stands still until it is put on; begins at the time of the files. */
final class FakeClock implements WatchClock {
  private final Instant begin = Instant.now();
  private Duration elapsed = Duration.ZERO;

  void pass(Duration time) {
    elapsed = elapsed.plus(time);
  }

  @Override
  public long nanos() {
    return elapsed.toNanos();
  }

  @Override
  public Instant now() {
    return begin.plus(elapsed);
  }
}
