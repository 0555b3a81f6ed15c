package dev.hotswap.watch.osgi;

import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Swapper;
import dev.hotswap.watch.WatchFolder;
import dev.hotswap.watch.WatchOptions;
import dev.hotswap.watch.cm.ConfigurationAdminFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

  private final Map<ServiceReference<?>, Watch> watches = new ConcurrentHashMap<>();
  private BundleContext context;

  /** A folder that is watched, and its quarantine as a service. */
  private record Watch(WatchFolder folder, ServiceRegistration<Quarantine> quarantine) {}

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

  /** A folder is for one of them: the first. */
  private synchronized void open(ServiceReference<?> reference) {
    if (watches.isEmpty() && context.getService(reference) instanceof Swapper swapper) {
      Path folder = Path.of(context.getProperty(FOLDER));
      WatchFolder watch =
          WatchFolder.open(
              folder, swapper, WatchOptions.DEFAULT, ConfigurationAdminFiles.of(context));
      watches.put(
          reference, new Watch(watch, context.registerService(Quarantine.class, watch, null)));
    }
  }

  private void close(ServiceReference<?> reference) {
    Watch watch;
    synchronized (this) {
      watch = watches.remove(reference);
    }
    if (watch != null) {
      watch.quarantine().unregister();
      watch.folder().close(); // waits for what it is doing, so not under our lock
      context.ungetService(reference);
    }
  }

  @Override
  public void stop(BundleContext stopped) {
    stopped.removeServiceListener(this);
    for (ServiceReference<?> reference : watches.keySet()) {
      close(reference);
    }
  }
}
