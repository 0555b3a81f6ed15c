package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers a greeter that can stop its own bundle. */
public class SelfStoppingActivator implements BundleActivator {
  private SelfStoppingGreeter greeter;

  @Override
  public void start(BundleContext context) {
    greeter = new SelfStoppingGreeter();
    context.registerService(Greeter.class, greeter, null);
  }

  @Override
  public void stop(BundleContext context) {
    greeter.close();
  }
}
