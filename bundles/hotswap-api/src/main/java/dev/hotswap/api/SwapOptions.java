package dev.hotswap.api;

import java.time.Duration;
import java.util.Optional;

/**
 * What one swap does otherwise than the host's settings say. A value.
 *
 * @param drainDeadline after how long the drains of this swap are overdue; also how long it waits
 *     where a plugin has as many live generations as it may
 * @param onDeadline what is done then
 */
public record SwapOptions(Optional<Duration> drainDeadline, Optional<DeadlinePolicy> onDeadline) {
  /** All as the host's settings say. */
  public static final SwapOptions NONE = new SwapOptions(Optional.empty(), Optional.empty());

  public SwapOptions {
    if (drainDeadline.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException(
          "drain deadline is " + drainDeadline.get() + "; it must not be negative");
    }
  }

  public SwapOptions withDrainDeadline(Duration deadline) {
    return new SwapOptions(Optional.of(deadline), onDeadline);
  }

  public SwapOptions withOnDeadline(DeadlinePolicy policy) {
    return new SwapOptions(drainDeadline, Optional.of(policy));
  }
}
