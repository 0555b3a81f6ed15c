package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a weak entry whose value leads back to its key. */
public class WeakMapWithWayBack extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.BY_CLASS.put(getClass(), this);
    return null;
  }
}
