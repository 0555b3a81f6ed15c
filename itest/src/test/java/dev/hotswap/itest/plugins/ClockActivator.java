package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers a clock that answers with its bundle's version. */
public class ClockActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    context.registerService(Clock.class, () -> version, null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework unregisters
  }
}
