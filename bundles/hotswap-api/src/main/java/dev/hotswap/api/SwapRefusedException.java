package dev.hotswap.api;

import java.util.Objects;

/** A swap did not happen. What was current before is current now; callers noticed nothing. */
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
