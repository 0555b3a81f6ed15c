package dev.hotswap.core;

import dev.hotswap.api.CallTimes;
import dev.hotswap.api.Generation;
import java.time.Duration;
import java.util.Arrays;

/** So many calls, and the times of those that were seen: the longer ones. Not thread-safe. */
final class SeenCalls {
  private long count;
  private long[] nanos = new long[64];
  private int seen;

  long count() {
    return count;
  }

  void count(long more) {
    count += more;
  }

  void saw(long took) {
    if (seen == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * seen);
    }
    nanos[seen] = took;
    seen++;
  }

  void add(SeenCalls others) {
    count += others.count;
    for (int i = 0; i < others.seen; i++) {
      saw(others.nanos[i]);
    }
  }

  CallTimes.Times times(Generation generation, Duration resolution) {
    long[] sorted = Arrays.copyOf(nanos, seen);
    Arrays.sort(sorted);
    return new CallTimes.Times(
        generation,
        count,
        atLeast(resolution, longest(sorted, count / 100)),
        atLeast(resolution, longest(sorted, 0)),
        resolution);
  }

  /** The time that so many calls exceed, or did not fall below; none where it was not seen. */
  private static long longest(long[] sorted, long exceeding) {
    return exceeding < sorted.length ? sorted[sorted.length - 1 - (int) exceeding] : 0;
  }

  private static Duration atLeast(Duration resolution, long took) {
    return took <= resolution.toNanos() ? resolution : Duration.ofNanos(took);
  }
}
