package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.lang.ref.Cleaner;

/** Leaves a cleaner with something to do for an object that lives. */
public class OwnCleaner extends Tame {
  private static final Cleaner CLEANER = Cleaner.create();

  @Override
  public Object act() throws Exception {
    CLEANER.register(Keeper.LONG_LIVED, OwnCleaner::sweep);
    return null;
  }

  private static void sweep() {}
}
