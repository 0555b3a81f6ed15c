package dev.hotswap.itest.zoo;

import org.osgi.framework.BundleContext;

/** Removes its shutdown hook in stop. */
public class RemovedHook extends Tame {
  private final Thread hook = new Thread(() -> {});

  @Override
  public Object act() throws Exception {
    Runtime.getRuntime().addShutdownHook(hook);
    return null;
  }

  @Override
  public void stop(BundleContext context) throws Exception {
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
