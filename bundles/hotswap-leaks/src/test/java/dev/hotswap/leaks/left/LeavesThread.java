package dev.hotswap.leaks.left;

import java.util.concurrent.CountDownLatch;

/** Leaves a thread of its own class running. */
public class LeavesThread implements Runnable {
  @Override
  public void run() {
    new Poller("left-poller").start();
  }

  private static final class Poller extends Thread {
    Poller(String name) {
      super(name);
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        // the end
      }
    }
  }
}
