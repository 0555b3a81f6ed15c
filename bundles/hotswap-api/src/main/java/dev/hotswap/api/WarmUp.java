package dev.hotswap.api;

/**
 * What a plugin's service object implements beside its contract to be warm before its first caller:
 * to fill caches, open connections, run its hot paths. It is called once for each service object of
 * a generation that is brought up beside the one it replaces: after the generation has started and
 * was checked, before it is published, while callers are still answered by the one before.
 *
 * <p>It has as long as a start may take ({@code start.limit}); then its thread is interrupted and
 * the swap refused, as it is when it throws. It runs on a thread of its own, which is not used
 * again, and may not ask for swaps. A plugin that is swapped one after the other is not asked to
 * warm up: its callers are waiting.
 */
@FunctionalInterface
public interface WarmUp {
  /**
   * Makes ready for callers.
   *
   * @throws Exception when it cannot; then the swap is refused with {@link Refusal.WarmUpFailed}
   */
  void warmUp() throws Exception;
}
