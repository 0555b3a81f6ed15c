package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Waits, by a stage, for a future of the host's that never completes. */
public class FutureChain extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.NEVER.thenApply(FutureChain::digest);
    return null;
  }

  private static String digest(String food) {
    return food;
  }
}
