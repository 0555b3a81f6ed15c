package dev.hotswap.leaks.left;

/** Leaves a handler to the thread that runs it. */
public class LeavesExceptionHandler implements Runnable {
  @Override
  public void run() {
    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
  }
}
