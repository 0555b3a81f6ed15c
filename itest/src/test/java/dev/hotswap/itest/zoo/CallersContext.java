package dev.hotswap.itest.zoo;

/** Leaves its class loader to the thread that calls. */
public class CallersContext extends Tame {
  @Override
  public Object act() throws Exception {
    Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
    return null;
  }
}
