package dev.hotswap.itest.zoo;

/** Leaves a shutdown hook. */
public class ShutdownHook extends Tame {
  @Override
  public Object act() throws Exception {
    Runtime.getRuntime().addShutdownHook(new Farewell());
    return null;
  }

  private static final class Farewell extends Thread {
    @Override
    public void run() {}
  }
}
