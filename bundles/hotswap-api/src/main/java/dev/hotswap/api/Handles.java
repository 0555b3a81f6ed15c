package dev.hotswap.api;

import java.util.List;

/**
 * Typed access to the services of all providers of one contract: an extension point.
 *
 * <p><b>Guarantees.</b> A traversal goes over the providers of one publish, in OSGi's order
 * (highest {@code service.ranking} first, then lowest service id): of a plugin that is swapped
 * meanwhile it calls the old generation or the new one, never both and never neither. All are
 * pinned when it begins, so a provider that leaves after that is still called; each pin ends with
 * its own call, and what the first exception leaves uncalled is let go at once. A traversal that
 * starts after a swap has returned calls the new generation.
 *
 * <p>Where nothing provides the contract a traversal calls nothing, and does not wait: an extension
 * point without extensions is an ordinary one.
 *
 * <p><b>What the caller owes.</b> As for a {@link Handle}: a service is used only inside its call.
 * A call that takes long keeps the generations whose turn comes after it from draining.
 *
 * <p>Thread-safe; usable from virtual threads. Lives as long as its host.
 *
 * @param <S> the contract
 */
public interface Handles<S> {
  /** The contract, as the host sees it. */
  Class<S> contract();

  /** How many services a traversal would call that begins now. */
  int size();

  /**
   * Calls each service in turn.
   *
   * @return what the calls returned, in the order of the providers
   * @throws X what a call threw, unwrapped; the providers after it are not called
   */
  <R, X extends Exception> List<R> withEach(Call<? super S, ? extends R, X> call) throws X;

  /**
   * As {@link #withEach}, for work that returns nothing.
   *
   * @throws X as {@link #withEach}
   */
  <X extends Exception> void useEach(Use<? super S, X> use) throws X;
}
