package dev.hotswap.api;

import java.time.Duration;

/** Nothing provided the contract within the availability time. The call never started. */
public final class NoGenerationException extends HotswapException {
  private static final long serialVersionUID = 1L;

  private final String contract;
  private final String filter;
  private final Duration waited;

  /**
   * @param contract the contract's class name
   * @param waited how long the caller waited
   */
  public NoGenerationException(String contract, Duration waited) {
    this(contract, "", waited);
  }

  /**
   * @param contract the contract's class name
   * @param filter the handle's filter; empty for a handle without one
   * @param waited how long the caller waited
   */
  public NoGenerationException(String contract, String filter, Duration waited) {
    super(
        "nothing provides "
            + contract
            + (filter.isEmpty() ? "" : " with " + filter)
            + " (waited "
            + waited.toMillis()
            + " ms); the call did not start. Swap in a plugin that provides it, then call again.");
    this.contract = contract;
    this.filter = filter;
    this.waited = waited;
  }

  /** The contract's class name. */
  public String contract() {
    return contract;
  }

  /** The handle's filter; empty for a handle without one. */
  public String filter() {
    return filter;
  }

  /** How long the caller waited. */
  public Duration waited() {
    return waited;
  }
}
