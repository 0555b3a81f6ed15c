package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Registers one red service under the greeter's name and another; {@code run} turns it blue. */
public class TwoNamesActivator implements BundleActivator {
  private ServiceRegistration<?> registration;

  /** A greeter that is a {@code Runnable} too. */
  private final class RunnableGreeter extends OpenGreeter implements Runnable {
    RunnableGreeter(String version) {
      super(version);
    }

    @Override
    public void run() {
      registration.setProperties(color("blue"));
    }
  }

  @Override
  public void start(BundleContext context) {
    String[] names = {Greeter.class.getName(), Runnable.class.getName()};
    String version = context.getBundle().getVersion().toString();
    registration = context.registerService(names, new RunnableGreeter(version), color("red"));
  }

  private static Hashtable<String, Object> color(String color) {
    return new Hashtable<>(Map.of("color", color));
  }

  @Override
  public void stop(BundleContext context) {
    // the framework unregisters
  }
}
