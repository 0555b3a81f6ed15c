package dev.hotswap.itest;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.SynchronousBundleListener;

/** Writes down every bundle and service event about the bundles that are to be left alone. */
final class Bystanders implements SynchronousBundleListener, ServiceListener {
  private final Set<Bundle> watched = ConcurrentHashMap.newKeySet();
  private final List<String> events = new CopyOnWriteArrayList<>();

  Bystanders(BundleContext context, Bundle... bundles) {
    watched.addAll(List.of(bundles));
    context.addBundleListener(this);
    context.addServiceListener(this);
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (watched.contains(event.getBundle())) {
      events.add("bundle event " + event.getType() + " of " + event.getBundle());
    }
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    if (watched.contains(event.getServiceReference().getBundle())) {
      events.add("service event " + event.getType() + " of " + event.getServiceReference());
    }
  }

  List<String> events() {
    return events;
  }
}
