package dev.hotswap.watch.osgi;

import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Swapper;
import dev.hotswap.watch.WatchFolder;
import dev.hotswap.watch.WatchOptions;
import dev.hotswap.watch.cm.ConfigurationAdminFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Watches the folder that the framework property {@code hotswap.watch} names, for as long as there
 * is a {@link Swapper} in the service registry. Where the property is not set, nothing is watched.
 */
public final class Activator implements BundleActivator, ServiceListener {
  private static final String FOLDER = "hotswap.watch";

  private BundleContext context;
  private Optional<ServiceReference<?>> watched =
      Optional.empty(); // guarded by this, as those below
  private Optional<Watch> watch = Optional.empty(); // empty, too, while the folder is being opened
  private boolean stopped;

  /** A folder that is watched, and its quarantine as a service. */
  private record Watch(WatchFolder folder, ServiceRegistration<Quarantine> quarantine) {
    void close() {
      try (folder) { // waits for what it is doing, so not under our lock
        quarantine.unregister();
      } catch (IllegalStateException e) {
        return; // the framework has done so: this bundle is stopped
      }
    }
  }

  @Override
  public void start(BundleContext given) throws Exception {
    context = given;
    if (given.getProperty(FOLDER) != null) {
      given.addServiceListener(this, "(objectClass=" + Swapper.class.getName() + ")");
      for (ServiceReference<?> there : given.getServiceReferences(Swapper.class, null)) {
        open(there);
      }
    }
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    if (event.getType() == ServiceEvent.REGISTERED) {
      open(event.getServiceReference());
    } else if (event.getType() == ServiceEvent.UNREGISTERING) {
      close(event.getServiceReference());
    }
  }

  /** Not under the lock: the first round swaps what is there. */
  private void open(ServiceReference<?> reference) {
    if (tryBegin(reference) && context.getService(reference) instanceof Swapper swapper) {
      Path folder = Path.of(context.getProperty(FOLDER));
      WatchFolder opened;
      try {
        opened =
            WatchFolder.open(
                folder, swapper, WatchOptions.DEFAULT, ConfigurationAdminFiles.of(context));
      } catch (RuntimeException | Error e) {
        close(reference); // or no other could be watched for
        throw e;
      }
      serve(reference, opened);
    }
  }

  /** A folder is for one of them: the first. */
  private synchronized boolean tryBegin(ServiceReference<?> reference) {
    boolean begins = !stopped && watched.isEmpty();
    if (begins) {
      watched = Optional.of(reference);
    }
    return begins;
  }

  private void serve(ServiceReference<?> reference, WatchFolder opened) {
    try {
      Watch made = new Watch(opened, context.registerService(Quarantine.class, opened, null));
      if (!trySet(reference, made)) {
        made.close();
      }
    } catch (IllegalStateException e) {
      opened.close(); // this bundle was stopped meanwhile
    }
  }

  private synchronized boolean trySet(ServiceReference<?> reference, Watch made) {
    boolean isWanted = watched.filter(reference::equals).isPresent();
    if (isWanted) {
      watch = Optional.of(made);
    }
    return isWanted;
  }

  private void close(ServiceReference<?> reference) {
    Optional<Watch> left;
    synchronized (this) {
      if (watched.filter(reference::equals).isEmpty()) {
        return;
      }
      left = watch;
      watched = Optional.empty();
      watch = Optional.empty();
    }
    left.ifPresent(Watch::close); // else whoever opens it does
    context.ungetService(reference);
  }

  @Override
  public void stop(BundleContext given) {
    given.removeServiceListener(this);
    Optional<ServiceReference<?>> last;
    synchronized (this) {
      stopped = true;
      last = watched;
    }
    last.ifPresent(this::close);
  }
}
