package dev.hotswap.api;

import java.util.Objects;

/**
 * A swap did not happen. What was current before is current now. Callers noticed nothing, but for a
 * {@link Refusal.NotAnswering}: between publish and the failed probe they may have reached the new
 * generation, and finish there.
 */
public final class SwapRefusedException extends HotswapException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public SwapRefusedException(Refusal refusal) {
    super(refusal.message());
    this.refusal = Objects.requireNonNull(refusal, "refusal");
  }

  /** What was refused, why, what stands now, and the next step. */
  public Refusal refusal() {
    return refusal;
  }
}
