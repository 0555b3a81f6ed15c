package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a listener with the host. */
public class Listener extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.LISTENERS.add(new Ear());
    return null;
  }

  private static final class Ear {}
}
