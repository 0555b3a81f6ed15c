package dev.hotswap.api;

/**
 * Work on a service that answers.
 *
 * @param <S> the contract
 * @param <R> the answer
 * @param <X> what the work may throw; inferred as {@code RuntimeException} where it throws nothing
 *     checked
 */
@FunctionalInterface
public interface Call<S, R, X extends Exception> {
  /** Calls the service. The service must not be kept beyond the return of this method. */
  R call(S service) throws X;
}
