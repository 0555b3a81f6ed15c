package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Has the host's cleaner do something for an object that does not live. */
public class CleanedObject extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.CLEANER.register(new Object(), CleanedObject::sweep);
    return null;
  }

  private static void sweep() {}
}
