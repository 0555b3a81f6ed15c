package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers a greeter that warms up in the manner of a manifest header. */
public class WarmActivator implements BundleActivator {
  private WarmGreeter greeter;

  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    greeter = new WarmGreeter(version, context.getBundle().getHeaders().get("Test-Warm-Up"));
    context.registerService(
        Greeter.class, greeter, GreeterActivator.ranking(context.getBundle().getHeaders()));
  }

  @Override
  public void stop(BundleContext context) {
    greeter.close();
  }
}
