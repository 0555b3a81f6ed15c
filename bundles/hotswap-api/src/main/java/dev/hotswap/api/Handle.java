package dev.hotswap.api;

/**
 * Typed access to the current generation's service of one contract.
 *
 * <p><b>Guarantees.</b> A call runs wholly on one generation. A call that starts after a swap has
 * returned runs on the new generation or a later one. While side-by-side swaps run, no call waits
 * for loading, starting, draining or unloading, and none is lost, repeated or failed by a swap.
 *
 * <p><b>What the caller owes.</b> The service object, and anything whose class the plugin defines,
 * is used only inside {@link #with} or {@link #use}, or while a {@link Lease} is open. Callers that
 * want to keep a reference keep {@link #proxy()}.
 *
 * <p><b>Nesting.</b> Each call looks for the newest generation, an inner one too: a call made
 * inside another call's work, after a swap has returned, reaches the new generation while the outer
 * one finishes on the old. Where several calls must see one generation, take one {@link #lease()}.
 *
 * <p>Thread-safe; usable from virtual threads. A handle lives as long as its host.
 *
 * @param <S> the contract
 */
public interface Handle<S> {
  /** The contract, as the host sees it. */
  Class<S> contract();

  /**
   * Calls the current generation's service and returns its answer. The generation is pinned for the
   * duration of the call. Does not allocate.
   *
   * @return what {@code call} returned
   * @throws X what {@code call} threw, unwrapped
   * @throws NoGenerationException when nothing provides the contract within the host's availability
   *     time
   */
  <R, X extends Exception> R with(Call<? super S, ? extends R, X> call) throws X;

  /**
   * As {@link #with}, for work that returns nothing.
   *
   * @throws X what {@code use} threw, unwrapped
   * @throws NoGenerationException as {@link #with}
   */
  <X extends Exception> void use(Use<? super S, X> use) throws X;

  /**
   * Pins the current generation until the lease is closed, on this thread or another. Left open, it
   * keeps its generation from ever being reclaimed.
   *
   * @throws NoGenerationException as {@link #with}
   */
  Lease<S> lease();

  /**
   * A plain service object for callers who keep a reference: each of its method calls is a call of
   * its own on the newest generation, with exceptions passed through unwrapped. A returned {@link
   * java.util.concurrent.CompletionStage} keeps its generation pinned until it completes. {@code
   * equals}, {@code hashCode} and {@code toString} are the proxy's own.
   *
   * @return the same object every time
   * @throws IllegalStateException when the contract is not an interface
   */
  S proxy();
}
