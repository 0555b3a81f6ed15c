package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A greeter whose {@code fail} has it registered anew by another thread: new first, then old. */
public class ReregisteringActivator implements BundleActivator {
  private final ExecutorService replacing = Executors.newSingleThreadExecutor();
  private BundleContext context;
  private String version;
  private ServiceRegistration<Greeter> registration;

  @Override
  public void start(BundleContext bundleContext) {
    context = bundleContext;
    version = context.getBundle().getVersion().toString();
    registration = context.registerService(Greeter.class, greeter(), null);
  }

  private Greeter greeter() {
    return new OpenGreeter(version) {
      @Override
      public String fail() {
        replacing.execute(ReregisteringActivator.this::replace);
        return "replaced";
      }
    };
  }

  private void replace() {
    ServiceRegistration<Greeter> old = registration;
    registration = context.registerService(Greeter.class, greeter(), null);
    old.unregister();
  }

  @Override
  public void stop(BundleContext bundleContext) throws InterruptedException {
    replacing.shutdown();
    replacing.awaitTermination(20, TimeUnit.SECONDS);
  }
}
