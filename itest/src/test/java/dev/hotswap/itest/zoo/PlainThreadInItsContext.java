package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.concurrent.CountDownLatch;

/** Leaves a thread running that has its context class loader. */
public class PlainThreadInItsContext extends Tame {
  @Override
  public Object act() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    Thread thread = new Thread(() -> wander(inside), "zoo-homesick");
    thread.setDaemon(true);
    thread.setContextClassLoader(getClass().getClassLoader());
    thread.start();
    inside.await();
    return null;
  }

  private static void wander(CountDownLatch inside) {
    inside.countDown();
    Keeper.awaitClosed();
  }
}
