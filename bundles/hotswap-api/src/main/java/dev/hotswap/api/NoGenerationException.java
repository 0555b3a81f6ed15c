package dev.hotswap.api;

import java.time.Duration;

/** Nothing provided the contract within the availability time. The call never started. */
public final class NoGenerationException extends HotswapException {
  private static final long serialVersionUID = 1L;

  private final String contract;
  private final Duration waited;

  /**
   * @param contract the contract's class name
   * @param waited how long the caller waited
   */
  public NoGenerationException(String contract, Duration waited) {
    super(
        "nothing provides "
            + contract
            + " (waited "
            + waited.toMillis()
            + " ms); the call did not start. Swap in a plugin that provides it, then call again.");
    this.contract = contract;
    this.waited = waited;
  }

  /** The contract's class name. */
  public String contract() {
    return contract;
  }

  /** How long the caller waited. */
  public Duration waited() {
    return waited;
  }
}
