package dev.hotswap.api;

/**
 * One lease over several handles: it pins a service of each, all from one publish, never a mix.
 * Left open, none of those generations retires. Thread-safe: it may be closed on any thread, and
 * only the first close counts.
 */
public interface JointLease extends AutoCloseable {
  /**
   * The pinned service of one of the handles.
   *
   * @throws IllegalArgumentException when the lease was not taken on that handle
   * @throws IllegalStateException after {@link #close()}
   */
  <S> S service(Handle<S> handle);

  /**
   * The pinned generation of one of the handles.
   *
   * @throws IllegalArgumentException when the lease was not taken on that handle
   * @throws IllegalStateException after {@link #close()}
   */
  Generation generation(Handle<?> handle);

  /** Ends the lease. Idempotent; throws nothing. */
  @Override
  void close();
}
