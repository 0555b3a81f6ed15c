package dev.hotswap.stress;

/**
 * A service that knows whether its generation was unloaded under a caller. The caller lingers
 * inside: who looks right after entering sees nothing, since unloading takes longer than entering.
 */
class Tenant implements First, Second {
  private static final int LINGER = 12; // spin hints, some 100 ns

  private final int generation;
  private volatile boolean unloaded;

  Tenant(int generation) {
    this.generation = generation;
  }

  @Override
  public Tenant tenant() {
    return this;
  }

  /** The generation, or its negative when it was unloaded while the caller was inside. */
  int visit() {
    for (int i = 0; i < LINGER && !unloaded; i++) {
      Thread.onSpinWait();
    }
    return unloaded ? -generation : generation;
  }

  void unload() {
    unloaded = true;
  }
}
