package dev.hotswap.api;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * How long the steps of a swap took for whoever asked for it. A step that was not reached, or that
 * there is none of, is zero. The step in which a swap was refused includes the taking away of what
 * had been brought up. How long old generations took to leave is in their {@link Retirement}.
 *
 * @param turn waiting for the swaps that were asked for before, and for a place to be free where
 *     the plugin has as many live generations as it may
 * @param read copying the files into the content store, and verifying them
 * @param plan finding out who gets a new generation
 * @param prepare installing and resolving
 * @param start the plugins' own start, and beside it the forcing of their bytes to the disk
 * @param check waiting for the services, and looking at them
 * @param publish moving new calls over
 * @param probe asking through the handles who answers, and closing the old generations
 */
public record Timings(
    Duration turn,
    Duration read,
    Duration plan,
    Duration prepare,
    Duration start,
    Duration check,
    Duration publish,
    Duration probe) {

  /** All steps together. The time that a staged set waited to be published is in none of them. */
  public Duration total() {
    return Stream.of(turn, read, plan, prepare, start, check, publish, probe)
        .reduce(Duration.ZERO, Duration::plus);
  }
}
