package dev.hotswap.core;

import java.time.Duration;

/**
 * The times of a host, and whether it tracks leases.
 *
 * @param availability how long a call waits when nothing provides its contract
 * @param startLimit how long a staged generation may take to start and to offer its services
 * @param drainDeadline after how long a drain is reported as overdue, and the longest that somebody
 *     else's stop of a bundle, or the close of the host, is held up by calls in flight
 * @param standby how long the generation before stays stopped but loaded, for a quick rollback;
 *     zero for not at all
 * @param history how many swaps of a plugin can be undone
 * @param leaseTracking whether leases, and calls that do not come in by the owner lane, are noted
 *     one by one, so that a {@link dev.hotswap.api.Holder} can be named; each such lease and call
 *     then costs more, other calls do not
 */
public record SwapSettings(
    Duration availability,
    Duration startLimit,
    Duration drainDeadline,
    Duration standby,
    int history,
    boolean leaseTracking) {
  private static final Duration LONGEST = Duration.ofDays(1000);

  public SwapSettings {
    requireSensible("availability", availability, Duration.ZERO);
    requireSensible("start.limit", startLimit, Duration.ofMillis(1));
    requireSensible("drain.deadline", drainDeadline, Duration.ZERO);
    requireSensible("standby", standby, Duration.ZERO);
    if (history < 0 || history > 1000) {
      throw new IllegalArgumentException("history is " + history + "; it must be from 0 to 1000");
    }
  }

  private static void requireSensible(String name, Duration time, Duration least) {
    if (time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + time + "; it must be from " + least + " to " + LONGEST);
    }
  }

  /** 5 s, 10 s and 30 s; 10 minutes of standby, and ten swaps; leases are not tracked. */
  public static final SwapSettings DEFAULT =
      new SwapSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          10,
          false);

  public SwapSettings withAvailability(Duration limit) {
    return new SwapSettings(limit, startLimit, drainDeadline, standby, history, leaseTracking);
  }

  public SwapSettings withStartLimit(Duration limit) {
    return new SwapSettings(availability, limit, drainDeadline, standby, history, leaseTracking);
  }

  public SwapSettings withDrainDeadline(Duration limit) {
    return new SwapSettings(availability, startLimit, limit, standby, history, leaseTracking);
  }

  public SwapSettings withStandby(Duration time) {
    return new SwapSettings(availability, startLimit, drainDeadline, time, history, leaseTracking);
  }

  public SwapSettings withHistory(int depth) {
    return new SwapSettings(availability, startLimit, drainDeadline, standby, depth, leaseTracking);
  }

  public SwapSettings withLeaseTracking(boolean tracked) {
    return new SwapSettings(availability, startLimit, drainDeadline, standby, history, tracked);
  }
}
