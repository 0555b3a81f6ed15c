package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Registers a service, of the contract that a manifest header names, that answers with a stamp: the
 * generation, as the bundle's file is called, and the bundle's version ({@code greeter@12/1.0.7}).
 */
public class StampedActivator implements BundleActivator {
  private OpenGreeter greeter;

  @Override
  public void start(BundleContext context) {
    greeter = new OpenGreeter(stamp(context.getBundle()));
    if (context.getBundle().getHeaders().get("Test-Contract").equals("Clock")) {
      Clock clock = greeter::version;
      context.registerService(Clock.class, clock, null);
    } else {
      context.registerService(Greeter.class, greeter, null);
    }
  }

  private static String stamp(Bundle bundle) {
    String location = bundle.getLocation();
    String file = location.substring(location.lastIndexOf('/') + 1);
    return file.replace(".jar", "") + "/" + bundle.getVersion();
  }

  @Override
  public void stop(BundleContext context) {
    greeter.close();
  }
}
