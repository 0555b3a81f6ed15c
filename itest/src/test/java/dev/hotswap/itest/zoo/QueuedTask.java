package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a task in the queue of a pool of the host's that is busy. */
public class QueuedTask extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.BUSY.execute(new Chore());
    return null;
  }

  private static final class Chore implements Runnable {
    @Override
    public void run() {}
  }
}
