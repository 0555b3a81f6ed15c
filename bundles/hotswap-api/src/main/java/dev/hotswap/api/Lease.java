package dev.hotswap.api;

/**
 * Pins one generation until closed. Left open, that generation never retires. Thread-safe: it may
 * be closed on any thread, and only the first close counts.
 *
 * @param <S> the contract
 */
public interface Lease<S> extends AutoCloseable {
  /**
   * The pinned service.
   *
   * @throws IllegalStateException after {@link #close()}
   */
  S service();

  /** The pinned generation; may be asked after {@link #close()} too. */
  Generation generation();

  /** Ends the lease. Idempotent; throws nothing. */
  @Override
  void close();
}
