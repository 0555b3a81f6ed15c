package dev.hotswap.api;

import java.util.Objects;
import java.util.Optional;

/**
 * A swap did not happen. What was current before is current now, unless {@link Refusal#stands()}
 * says otherwise. Callers noticed nothing, with two exceptions. {@link Refusal.NotAnswering}:
 * between publish and the failed probe they may have reached the new generation, and finish there.
 * {@link Refusal.NotHandedOver} and {@link Refusal.ForeignState}: they were held for a while, and
 * where the old generation did not start again nothing answers.
 */
public final class SwapRefusedException extends HotswapException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;
  private final transient Optional<Receipt> receipt;

  /** Of what leaves no receipt. */
  public SwapRefusedException(Refusal refusal) {
    this(refusal, Optional.empty());
  }

  public SwapRefusedException(Refusal refusal, Optional<Receipt> receipt) {
    super(refusal.message());
    this.refusal = Objects.requireNonNull(refusal, "refusal");
    this.receipt = Objects.requireNonNull(receipt, "receipt");
  }

  /** What was refused, why, what stands now, and the next step. */
  public Refusal refusal() {
    return refusal;
  }

  /** The record of the swap, as it stood then; empty where only a plan was asked for. */
  public Optional<Receipt> receipt() {
    return receipt;
  }
}
