package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a thread of the JDK's class running. */
public class PlainThread extends Tame {
  @Override
  public Object act() throws Exception {
    Thread thread = new Thread(PlainThread::wander, "zoo-wanderer");
    thread.setDaemon(true);
    thread.start();
    return null;
  }

  private static void wander() {
    Keeper.awaitClosed();
  }
}
