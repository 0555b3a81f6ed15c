package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Needs a clock of another plugin to start: registers a greeter that says what it told then. */
public class CallingActivator implements BundleActivator {
  private OpenGreeter greeter;

  @Override
  public void start(BundleContext context) {
    ServiceReference<Clock> clock = context.getServiceReference(Clock.class);
    if (clock == null) {
      throw new IllegalStateException("there is no clock");
    }
    greeter = new OpenGreeter("started at " + context.getService(clock).version());
    context.registerService(Greeter.class, greeter, null);
  }

  @Override
  public void stop(BundleContext context) {
    greeter.close();
  }
}
