package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Keeps a thread of the host's, who was given a task, inside its code. */
public class HostThreadInside extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.GUESTS.execute(new Digestion());
    return null;
  }

  private static final class Digestion implements Runnable {
    @Override
    public void run() {
      Keeper.awaitClosed();
    }
  }
}
