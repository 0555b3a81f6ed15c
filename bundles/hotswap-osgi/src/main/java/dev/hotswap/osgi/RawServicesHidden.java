package dev.hotswap.osgi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;

/**
 * Hides raw services, those that generations register under managed contracts, from other bundles,
 * which find the contract's {@link StandIn} instead and hear nothing of a swap. The bundle that
 * registered one sees it, and so do the system bundle and Hotswap's own. A {@link CompanyStandIn}
 * is hidden from all but its company.
 *
 * <p>A service that has other names as well is found, and told of, by those: as if it were not
 * registered under the managed ones. One that was there before its contract was managed stays
 * visible until it goes, because somebody may hold it and must hear of its end. Thread-safe.
 *
 * @see <a href="https://docs.osgi.org/specification/osgi.core/8.0.0/framework.servicehooks.html">
 *     OSGi Core 8, 55</a>
 */
final class RawServicesHidden implements FindHook, EventListenerHook {
  private final BundleContext own;
  private final Generations generations;
  private final StandIns standIns;

  /** By contract name, the ids of the services that were there before. */
  private final Map<String, Set<Object>> managed = new ConcurrentHashMap<>();

  RawServicesHidden(BundleContext own, Generations generations, StandIns standIns) {
    this.own = own;
    this.generations = generations;
    this.standIns = standIns;
  }

  /** Hides what is registered under the name of the contract from now on. */
  void hide(Class<?> contract) {
    String name = contract.getName();
    if (managed.containsKey(name)) {
      return;
    }
    Set<Object> before = ConcurrentHashMap.newKeySet();
    before.addAll(ids(name));
    if (managed.putIfAbsent(name, before) == null) {
      before.addAll(ids(name)); // what came between: its beginning was told, so its end must be
    }
  }

  private List<Object> ids(String name) {
    List<Object> ids = new ArrayList<>();
    try {
      ServiceReference<?>[] references = own.getAllServiceReferences(name, null);
      for (ServiceReference<?> reference :
          references == null ? new ServiceReference<?>[0] : references) {
        ids.add(id(reference));
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
    return ids;
  }

  @Override
  public void find(
      BundleContext asker,
      String name,
      String filter,
      boolean all,
      Collection<ServiceReference<?>> found) {
    found.removeIf(
        reference ->
            isRaw(reference)
                ? isForeign(asker, reference)
                    && !(isFoundBy(name, reference) && matchesByOtherNames(filter, reference))
                : isGone(reference) || isStandInForOthers(asker, reference));
  }

  private boolean isStandInForOthers(BundleContext asker, ServiceReference<?> reference) {
    return reference.getProperty(StandIn.MARK) != null
        && isOther(asker, bundle -> standIns.isHidden(reference, bundle));
  }

  /**
   * Whether it was unregistered since the framework collected it. Then its generation may be gone
   * as well, and nothing tells any more that it was raw.
   */
  private static boolean isGone(ServiceReference<?> reference) {
    return reference.getBundle() == null;
  }

  @Override
  public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
    ServiceReference<?> reference = event.getServiceReference();
    if (isRaw(reference)) {
      listeners.forEach(
          (asker, its) -> {
            if (isForeign(asker, reference)) {
              its.removeIf(listener -> !isTold(listener.getFilter(), reference));
            }
          });
    } else {
      listeners.forEach(
          (asker, its) -> {
            if (isStandInForOthers(asker, reference)) {
              its.clear();
            }
          });
    }
  }

  /**
   * A filter that does not match at all is left to the framework: after a change of properties it
   * tells the listener that the service matches no more.
   */
  private boolean isTold(String filter, ServiceReference<?> reference) {
    return !otherNames(reference).isEmpty()
        && (matchesByOtherNames(filter, reference) || !matches(filter, reference.getProperties()));
  }

  /** Whether a generation registered it under a managed contract. */
  private boolean isRaw(ServiceReference<?> reference) {
    return otherNames(reference).size() < names(reference).length
        && generations.of(bundleId(reference)).isPresent();
  }

  private boolean isForeign(BundleContext asker, ServiceReference<?> reference) {
    return isOther(asker, bundle -> bundle.getBundleId() != bundleId(reference));
  }

  /** Neither the system bundle nor Hotswap's own, and such a one. */
  private boolean isOther(BundleContext asker, Predicate<Bundle> such) {
    try {
      Bundle bundle = asker.getBundle();
      return bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID
          && !bundle.equals(own.getBundle())
          && such.test(bundle);
    } catch (IllegalStateException e) {
      return true; // it has just stopped, and needs to hear nothing
    }
  }

  private boolean isFoundBy(String name, ServiceReference<?> reference) {
    return name == null || otherNames(reference).contains(name);
  }

  private boolean matchesByOtherNames(String filter, ServiceReference<?> reference) {
    List<String> others = otherNames(reference);
    Dictionary<String, Object> properties = reference.getProperties();
    properties.put(Constants.OBJECTCLASS, others.toArray(String[]::new));
    return !others.isEmpty() && matches(filter, properties);
  }

  private static boolean matches(String filter, Dictionary<String, Object> properties) {
    try {
      return filter == null || FrameworkUtil.createFilter(filter).match(properties);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // the framework took it before
    }
  }

  /** The names that are not managed, or were not yet when it was registered. */
  private List<String> otherNames(ServiceReference<?> reference) {
    List<String> others = new ArrayList<>();
    for (String name : names(reference)) {
      Set<Object> before = managed.get(name);
      if (before == null || before.contains(id(reference))) {
        others.add(name);
      }
    }
    return others;
  }

  private static String[] names(ServiceReference<?> reference) {
    return (String[]) reference.getProperty(Constants.OBJECTCLASS);
  }

  /** Of the bundle that registered it; unlike the bundle itself, still known when it is gone. */
  private static long bundleId(ServiceReference<?> reference) {
    return (Long) reference.getProperty(Constants.SERVICE_BUNDLEID);
  }

  private static Object id(ServiceReference<?> reference) {
    return reference.getProperty(Constants.SERVICE_ID);
  }
}
