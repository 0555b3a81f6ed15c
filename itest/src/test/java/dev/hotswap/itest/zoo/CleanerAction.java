package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Has the host's cleaner do something of its own, for an object that lives. */
public class CleanerAction extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.CLEANER.register(Keeper.LONG_LIVED, CleanerAction::sweep);
    return null;
  }

  private static void sweep() {}
}
