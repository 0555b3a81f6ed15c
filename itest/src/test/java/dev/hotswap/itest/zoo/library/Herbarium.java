package dev.hotswap.itest.zoo.library;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** A library bundle that is never swapped, with a static registry, and keeps what it tracks. */
public final class Herbarium implements BundleActivator {
  public static final Map<String, Object> PLANTS = new ConcurrentHashMap<>();
  private static final List<Object> TRACKED = new CopyOnWriteArrayList<>();
  private ServiceTracker<Runnable, Runnable> tracker;

  @Override
  public void start(BundleContext context) {
    tracker =
        new ServiceTracker<>(context, Runnable.class, null) {
          @Override
          public Runnable addingService(ServiceReference<Runnable> reference) {
            Runnable service = super.addingService(reference);
            TRACKED.add(service); // and never removes it
            return service;
          }
        };
    tracker.open();
  }

  @Override
  public void stop(BundleContext context) {
    tracker.close();
  }
}
