package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a thread of its own class running. */
public class OwnThread extends Tame {
  @Override
  public Object act() throws Exception {
    new Prowler().start();
    return null;
  }

  private static final class Prowler extends Thread {
    Prowler() {
      super("zoo-prowler");
      setDaemon(true);
    }

    @Override
    public void run() {
      Keeper.awaitClosed();
    }
  }
}
