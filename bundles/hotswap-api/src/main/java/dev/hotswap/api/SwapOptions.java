package dev.hotswap.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What one swap does otherwise than the host's settings say, and who asks for it. A value.
 *
 * @param asked who asks for it, and why; where nobody is named {@link Asked#here()} at the time of
 *     the swap
 * @param drainDeadline after how long the drains of this swap are overdue; also how long it waits
 *     where a plugin has as many live generations as it may. A drain for which callers are held is
 *     overdue after half the availability time, if that is less. From 0 to 1000 days, as the
 *     host's; anything else is an {@code IllegalArgumentException}
 * @param onDeadline what is done then
 * @param inPlace whether what is replaced is stopped before what takes its place is started, also
 *     where the two could run side by side; libraries excepted
 * @param startNoted whether a host that remembers notes beforehand what is about to be started, and
 *     afterwards that this has come to an end. Where the process has died in as many starts in a
 *     row as the host allows the swap is refused. For what is asked for at each open anew; it
 *     counts for {@link Swapper#swap(SwapOptions, Path...)} only, and costs it two more writes
 */
public record SwapOptions(
    Optional<Asked> asked,
    Optional<Duration> drainDeadline,
    Optional<DeadlinePolicy> onDeadline,
    boolean inPlace,
    boolean startNoted) {
  /** All as the host's settings say. */
  public static final SwapOptions NONE =
      new SwapOptions(Optional.empty(), Optional.empty(), Optional.empty(), false, false);

  private static final Duration LONGEST = Duration.ofDays(1000); // as of the host's settings

  public SwapOptions {
    drainDeadline.ifPresent(SwapOptions::requireSensible);
  }

  private static void requireSensible(Duration deadline) {
    if (deadline.isNegative() || deadline.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the drain deadline of the swap is "
              + deadline
              + "; it must be from 0 ms to "
              + LONGEST.toHours()
              + " h, as drain.deadline of the host. Nothing was swapped.");
    }
  }

  public SwapOptions withAsked(Asked by) {
    Objects.requireNonNull(by, "who asks is null; Asked.here() is this thread");
    return new SwapOptions(Optional.of(by), drainDeadline, onDeadline, inPlace, startNoted);
  }

  public SwapOptions withDrainDeadline(Duration deadline) {
    return new SwapOptions(asked, Optional.of(deadline), onDeadline, inPlace, startNoted);
  }

  public SwapOptions withOnDeadline(DeadlinePolicy policy) {
    return new SwapOptions(asked, drainDeadline, Optional.of(policy), inPlace, startNoted);
  }

  public SwapOptions withInPlace(boolean oneAfterTheOther) {
    return new SwapOptions(asked, drainDeadline, onDeadline, oneAfterTheOther, startNoted);
  }

  public SwapOptions withStartNoted(boolean noted) {
    return new SwapOptions(asked, drainDeadline, onDeadline, inPlace, noted);
  }
}
