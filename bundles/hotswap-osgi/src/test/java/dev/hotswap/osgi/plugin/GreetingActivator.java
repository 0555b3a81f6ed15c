package dev.hotswap.osgi.plugin;

import dev.hotswap.osgi.contract.Greeter;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers a greeter, or throws where a manifest header says so. */
public class GreetingActivator implements BundleActivator {
  private Greeting greeting;

  @Override
  public void start(BundleContext context) {
    if (context.getBundle().getHeaders().get("Test-Broken") != null) {
      throw new IllegalStateException("the database is not there");
    }
    greeting = new Greeting(context.getBundle().getVersion().toString());
    context.registerService(Greeter.class, greeting, null);
  }

  @Override
  public void stop(BundleContext context) {
    greeting.close();
  }
}
