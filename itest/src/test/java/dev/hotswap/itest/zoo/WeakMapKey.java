package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a weak key of its own, whose value is a text. */
public class WeakMapKey extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.BY_CLASS.put(getClass(), "zoo");
    return null;
  }
}
