package dev.hotswap.itest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * How long the longest call took in each of many swaps. Callers from any thread, swaps from one.
 */
final class HeldTimes {
  private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
  private final List<Long> nanos = new ArrayList<>();

  /** A call, timed. */
  void call(Runnable work) {
    long start = System.nanoTime();
    work.run();
    longest.accumulate(System.nanoTime() - start);
  }

  /** A swap begins: what was before does not count. */
  void begin() {
    longest.reset();
  }

  /** It is done, and a caller that it held has come back. */
  void end() {
    nanos.add(longest.getThenReset());
  }

  @Override
  public String toString() {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return "the longest call in each of %d swaps: p50 %.2f ms, p99 %.2f ms, max %.2f ms"
        .formatted(sorted.size(), at(sorted, 50), at(sorted, 99), at(sorted, 100));
  }

  private static double at(List<Long> sorted, int percent) {
    int rank = (sorted.size() * percent + 99) / 100; // of those, so many are no longer
    return sorted.get(Math.max(1, rank) - 1) / 1e6;
  }
}
