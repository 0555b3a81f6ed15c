package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a value in an inheritable thread local of the host's. */
public class InheritedThreadLocal extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.INHERITED.set(new Value());
    return null;
  }

  private static final class Value {}
}
