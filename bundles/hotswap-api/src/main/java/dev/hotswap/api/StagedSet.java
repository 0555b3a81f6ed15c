package dev.hotswap.api;

/**
 * Generations that are up and checked, and that no caller reaches yet. Whichever of {@link
 * #publish()} and {@link #discard()} comes first ends it; a publish after that is refused. Closing
 * the host discards it. Thread-safe.
 */
public interface StagedSet {
  /** What it does when it is published. */
  Plan plan();

  /**
   * Makes all of it current in one write, and returns when calls through the handles have been
   * answered by it.
   *
   * @throws SwapRefusedException when it is no longer staged, or when what it was planned against
   *     has changed meanwhile; then it is discarded and what is current stays
   */
  Swap publish();

  /** Takes it away without a trace. Idempotent, also after a publish, when it does nothing. */
  void discard();
}
