package dev.hotswap.gogo;

import dev.hotswap.api.Swapper;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Offers the shell over each {@link Swapper} that is a service, for as long as that is one. */
public final class Activator implements BundleActivator {
  private ServiceTracker<Swapper, Shell> swappers;

  @Override
  public void start(BundleContext context) {
    swappers = new ServiceTracker<>(context, Swapper.class, new Shells(context));
    swappers.open();
  }

  @Override
  public void stop(BundleContext context) {
    swappers.close();
  }

  private record Shells(BundleContext context) implements ServiceTrackerCustomizer<Swapper, Shell> {
    @Override
    public Shell addingService(ServiceReference<Swapper> found) {
      return Shell.open(context, found);
    }

    @Override
    public void modifiedService(ServiceReference<Swapper> found, Shell shell) {
      // it is the same
    }

    @Override
    public void removedService(ServiceReference<Swapper> gone, Shell shell) {
      shell.close();
      context.ungetService(gone);
    }
  }
}
