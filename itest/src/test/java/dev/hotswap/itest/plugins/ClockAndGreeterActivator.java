package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers both contracts. */
public class ClockAndGreeterActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    Clock clock = () -> version;
    context.registerService(Clock.class, clock, null);
    context.registerService(Greeter.class, new OpenGreeter(version), null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework unregisters
  }
}
