package dev.hotswap.leaks.plugin;

import java.util.concurrent.CountDownLatch;

/** Waits until it is interrupted. */
public final class Work implements Runnable {
  private final CountDownLatch never = new CountDownLatch(1);

  @Override
  public void run() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
