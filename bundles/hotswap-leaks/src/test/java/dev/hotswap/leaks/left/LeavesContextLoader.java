package dev.hotswap.leaks.left;

/** Leaves its class loader to the thread that runs it. */
public class LeavesContextLoader implements Runnable {
  @Override
  public void run() {
    Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
  }
}
