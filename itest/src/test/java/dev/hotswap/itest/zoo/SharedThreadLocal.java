package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a value in a thread local of the host's. */
public class SharedThreadLocal extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.LOCAL.set(new Value());
    return null;
  }

  private static final class Value {}
}
