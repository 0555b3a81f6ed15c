package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Registers a service, of the contract that a manifest header names, that answers with a stamp: the
 * generation, and the bundle's version ({@code greeter@12/1.0.7}).
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

  /** The test knows which number it is that starts. */
  @SuppressWarnings("unchecked")
  static String stamp(Bundle bundle) {
    Function<Bundle, Long> numbers =
        (Function<Bundle, Long>) System.getProperties().get("test.number");
    return bundle.getSymbolicName() + "@" + numbers.apply(bundle) + "/" + bundle.getVersion();
  }

  @Override
  public void stop(BundleContext context) {
    greeter.close();
  }
}
