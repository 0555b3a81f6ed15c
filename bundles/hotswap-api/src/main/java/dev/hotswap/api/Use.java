package dev.hotswap.api;

/**
 * Work on a service that answers nothing.
 *
 * @param <S> the contract
 * @param <X> what the work may throw
 */
@FunctionalInterface
public interface Use<S, X extends Exception> {
  /** Uses the service. The service must not be kept beyond the return of this method. */
  void use(S service) throws X;
}
