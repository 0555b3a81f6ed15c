package dev.hotswap.leaks.left;

import java.util.concurrent.CountDownLatch;

/** A call that does not come back until it is interrupted, under its own context class loader. */
public class StaysInside implements Runnable {
  @Override
  public void run() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(getClass().getClassLoader());
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      thread.interrupt();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
