package dev.hotswap.api;

import java.time.Duration;
import java.util.Optional;

/**
 * What one swap does otherwise than the host's settings say, and who asks for it. A value.
 *
 * @param asked who asks for it, and why; where nobody is named {@link Asked#here()} at the time of
 *     the swap
 * @param drainDeadline after how long the drains of this swap are overdue; also how long it waits
 *     where a plugin has as many live generations as it may. A drain for which callers are held is
 *     overdue after half the availability time, if that is less
 * @param onDeadline what is done then
 * @param inPlace whether what is replaced is stopped before what takes its place is started, also
 *     where the two could run side by side; libraries excepted
 */
public record SwapOptions(
    Optional<Asked> asked,
    Optional<Duration> drainDeadline,
    Optional<DeadlinePolicy> onDeadline,
    boolean inPlace) {
  /** All as the host's settings say. */
  public static final SwapOptions NONE =
      new SwapOptions(Optional.empty(), Optional.empty(), Optional.empty(), false);

  public SwapOptions {
    if (drainDeadline.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException(
          "drain deadline is " + drainDeadline.get() + "; it must not be negative");
    }
  }

  public SwapOptions withAsked(Asked by) {
    return new SwapOptions(Optional.of(by), drainDeadline, onDeadline, inPlace);
  }

  public SwapOptions withDrainDeadline(Duration deadline) {
    return new SwapOptions(asked, Optional.of(deadline), onDeadline, inPlace);
  }

  public SwapOptions withOnDeadline(DeadlinePolicy policy) {
    return new SwapOptions(asked, drainDeadline, Optional.of(policy), inPlace);
  }

  public SwapOptions withInPlace(boolean oneAfterTheOther) {
    return new SwapOptions(asked, drainDeadline, onDeadline, oneAfterTheOther);
  }
}
