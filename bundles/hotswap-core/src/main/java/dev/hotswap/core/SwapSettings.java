package dev.hotswap.core;

import dev.hotswap.api.DeadlinePolicy;
import java.time.Duration;

/**
 * The times of a host, and its other numbers and choices.
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
 * @param onDeadline what is done about an overdue drain
 * @param liveGenerations how many generations of one plugin may be staged, current or draining at
 *     once; a further swap waits, for at most the drain deadline
 * @param verdicts how it is judged whether the classes of reclaimed generations are gone
 */
public record SwapSettings(
    Duration availability,
    Duration startLimit,
    Duration drainDeadline,
    Duration standby,
    int history,
    boolean leaseTracking,
    DeadlinePolicy onDeadline,
    int liveGenerations,
    VerdictSettings verdicts) {
  private static final Duration LONGEST = Duration.ofDays(1000);

  public SwapSettings {
    requireSensible("availability", availability, Duration.ZERO);
    requireSensible("start.limit", startLimit, Duration.ofMillis(1));
    requireSensible("drain.deadline", drainDeadline, Duration.ZERO);
    requireSensible("standby", standby, Duration.ZERO);
    if (history < 0 || history > 1000) {
      throw new IllegalArgumentException("history is " + history + "; it must be from 0 to 1000");
    }
    if (liveGenerations < 2 || liveGenerations > 1000) {
      throw new IllegalArgumentException(
          "live.generations is " + liveGenerations + "; it must be from 2 to 1000");
    }
  }

  static void requireSensible(String name, Duration time, Duration least) {
    if (time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name
              + " is "
              + words(time)
              + "; it must be from "
              + least.toMillis()
              + " ms to "
              + LONGEST.toHours()
              + " h");
    }
  }

  private static String words(Duration time) {
    try {
      return time.toMillis() + " ms";
    } catch (ArithmeticException e) {
      return time.toString(); // too long even for that
    }
  }

  /**
   * 5 s, 10 s and 30 s; 10 minutes of standby, and ten swaps; leases are not tracked; an overdue
   * drain goes on, and a plugin has at most four live generations.
   */
  public static final SwapSettings DEFAULT =
      new SwapSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          10,
          false,
          DeadlinePolicy.WAIT,
          4,
          VerdictSettings.DEFAULT);

  public SwapSettings withAvailability(Duration limit) {
    return new SwapSettings(
        limit,
        startLimit,
        drainDeadline,
        standby,
        history,
        leaseTracking,
        onDeadline,
        liveGenerations,
        verdicts);
  }

  public SwapSettings withStartLimit(Duration limit) {
    return new SwapSettings(
        availability,
        limit,
        drainDeadline,
        standby,
        history,
        leaseTracking,
        onDeadline,
        liveGenerations,
        verdicts);
  }

  public SwapSettings withDrainDeadline(Duration limit) {
    return new SwapSettings(
        availability,
        startLimit,
        limit,
        standby,
        history,
        leaseTracking,
        onDeadline,
        liveGenerations,
        verdicts);
  }

  public SwapSettings withStandby(Duration time) {
    return new SwapSettings(
        availability,
        startLimit,
        drainDeadline,
        time,
        history,
        leaseTracking,
        onDeadline,
        liveGenerations,
        verdicts);
  }

  public SwapSettings withHistory(int depth) {
    return new SwapSettings(
        availability,
        startLimit,
        drainDeadline,
        standby,
        depth,
        leaseTracking,
        onDeadline,
        liveGenerations,
        verdicts);
  }

  public SwapSettings withLeaseTracking(boolean tracked) {
    return new SwapSettings(
        availability,
        startLimit,
        drainDeadline,
        standby,
        history,
        tracked,
        onDeadline,
        liveGenerations,
        verdicts);
  }

  public SwapSettings withOnDeadline(DeadlinePolicy policy) {
    return new SwapSettings(
        availability,
        startLimit,
        drainDeadline,
        standby,
        history,
        leaseTracking,
        policy,
        liveGenerations,
        verdicts);
  }

  public SwapSettings withLiveGenerations(int most) {
    return new SwapSettings(
        availability,
        startLimit,
        drainDeadline,
        standby,
        history,
        leaseTracking,
        onDeadline,
        most,
        verdicts);
  }

  public SwapSettings withVerdicts(VerdictSettings how) {
    return new SwapSettings(
        availability,
        startLimit,
        drainDeadline,
        standby,
        history,
        leaseTracking,
        onDeadline,
        liveGenerations,
        how);
  }
}
