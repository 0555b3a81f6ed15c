package dev.hotswap.itest.zoo;

/** Leaves an exception handler to the thread that calls. */
public class CallersHandler extends Tame {
  @Override
  public Object act() throws Exception {
    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
    return null;
  }
}
