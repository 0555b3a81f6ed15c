package dev.hotswap.itest.zoo;

/** Leaves a default exception handler. */
public class DefaultExceptionHandler extends Tame {
  @Override
  public Object act() throws Exception {
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
    return null;
  }
}
