package dev.hotswap.core;

import java.time.Duration;

/**
 * The times of a host, and whether it tracks leases.
 *
 * @param availability how long a call waits when nothing provides its contract
 * @param startLimit how long a staged generation may take to start and to offer its services
 * @param drainDeadline after how long a drain is reported as overdue, and the longest that somebody
 *     else's stop of a bundle, or the close of the host, is held up by calls in flight
 * @param leaseTracking whether leases, and calls that do not come in by the owner lane, are noted
 *     one by one, so that a {@link dev.hotswap.api.Holder} can be named; each such lease and call
 *     then costs more, other calls do not
 */
public record SwapSettings(
    Duration availability, Duration startLimit, Duration drainDeadline, boolean leaseTracking) {
  private static final Duration LONGEST = Duration.ofDays(1000);

  public SwapSettings {
    requireSensible("availability", availability, Duration.ZERO);
    requireSensible("start.limit", startLimit, Duration.ofMillis(1));
    requireSensible("drain.deadline", drainDeadline, Duration.ZERO);
  }

  /** Leases are not tracked. */
  public SwapSettings(Duration availability, Duration startLimit, Duration drainDeadline) {
    this(availability, startLimit, drainDeadline, false);
  }

  private static void requireSensible(String name, Duration time, Duration least) {
    if (time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + time + "; it must be from " + least + " to " + LONGEST);
    }
  }

  /** 5 s, 10 s and 30 s; leases are not tracked. */
  public static final SwapSettings DEFAULT =
      new SwapSettings(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30));
}
