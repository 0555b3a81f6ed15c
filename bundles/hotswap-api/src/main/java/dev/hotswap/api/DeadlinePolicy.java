package dev.hotswap.api;

/**
 * What is done about a drain that has come to its deadline with calls still in flight. Whatever it
 * is, the drain is first reported as {@link SwapEvent.DrainOverdue}.
 *
 * <p>A drain for which new callers are held cannot go on for ever: what would leave it going gives
 * the swap up instead. The old generation answers again, and the swap is refused.
 */
public enum DeadlinePolicy {
  /** Nothing: the drain goes on until the last call has ended. */
  WAIT,
  /**
   * The threads of the calls that are known are interrupted, once, and then the drain goes on. A
   * lease is left alone: only who took it is known, not who has it now.
   */
  INTERRUPT,
  /**
   * The old generations are published again, all of the swap, and the new ones leave instead. Calls
   * in flight on either go on. Where that cannot be done, because the plugin was swapped again or
   * because one of the set has left, a refusal says so, and the drain goes on.
   */
  REVERSE,
  /**
   * The generation is stopped and uninstalled although calls are inside. Those <b>may fail</b>, now
   * or later; the generation is {@linkplain Snapshot#tainted() tainted} as long as the host lives.
   */
  FORCE
}
