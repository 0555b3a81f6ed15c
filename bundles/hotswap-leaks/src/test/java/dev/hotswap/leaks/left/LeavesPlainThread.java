package dev.hotswap.leaks.left;

import java.util.concurrent.CountDownLatch;

/** Leaves a thread of the JDK's class running, with code and context class loader of its own. */
public class LeavesPlainThread implements Runnable {
  @Override
  public void run() {
    CountDownLatch inside = new CountDownLatch(1);
    Thread thread = new Thread(() -> await(inside), "left-plain");
    thread.setDaemon(true);
    thread.setContextClassLoader(getClass().getClassLoader());
    thread.start();
    try {
      inside.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch inside) {
    try {
      inside.countDown();
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // the end
    }
  }
}
