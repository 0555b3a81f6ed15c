package dev.hotswap.core;

import java.time.Duration;

/**
 * How reclaimed generations are judged.
 *
 * @param after how long a generation is watched at least before it may be found to be held
 * @param gc whether the JVM is asked for a collection where it has not unloaded by then; at most
 *     once in that time for all generations
 * @param whyOnce whether the heap is walked when a generation is found to be held, once for each
 *     plugin
 */
public record VerdictSettings(Duration after, boolean gc, boolean whyOnce) {
  private static final Duration LEAST_WITH_GC = Duration.ofSeconds(1);

  /** A minute, without collections or walks of our own. */
  public static final VerdictSettings DEFAULT =
      new VerdictSettings(Duration.ofMinutes(1), false, false);

  public VerdictSettings {
    SwapSettings.requireSensible("verdict.after", after, Duration.ZERO);
    if (gc && after.compareTo(LEAST_WITH_GC) < 0) {
      throw new IllegalArgumentException(
          "verdict.gc is true and verdict.after is "
              + after.toMillis()
              + " ms; it must be at least "
              + LEAST_WITH_GC.toMillis()
              + " ms, or the JVM would do little else");
    }
  }

  public VerdictSettings withAfter(Duration time) {
    return new VerdictSettings(time, gc, whyOnce);
  }

  public VerdictSettings withGc(boolean asked) {
    return new VerdictSettings(after, asked, whyOnce);
  }

  public VerdictSettings withWhyOnce(boolean walks) {
    return new VerdictSettings(after, gc, walks);
  }
}
