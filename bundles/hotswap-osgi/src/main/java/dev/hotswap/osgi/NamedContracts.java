package dev.hotswap.osgi;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;

/**
 * Contracts that are known by name, each managed as soon as a bundle that exports its package has
 * resolved; when all of them are, somebody is told, once. Thread-safe.
 */
final class NamedContracts implements BundleTrackerCustomizer<Void>, AutoCloseable {
  private static final int RESOLVED =
      Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING;

  private final Engine engine;
  private final Runnable allThere;
  private final BundleTracker<Void> bundles;
  private final Set<String> awaited;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param names full class names
   * @param allThere run when all of them are managed, on the thread that resolved the last one's
   *     bundle; at once where there are none
   */
  NamedContracts(
      BundleContext context, Engine engine, Collection<String> names, Runnable allThere) {
    this.engine = engine;
    this.allThere = allThere;
    this.bundles = new BundleTracker<>(context, RESOLVED, this);
    this.awaited = ConcurrentHashMap.newKeySet();
    this.awaited.addAll(names);
  }

  void open() {
    if (awaited.isEmpty()) {
      allThere.run();
    } else {
      bundles.open();
    }
  }

  @Override
  public Void addingBundle(Bundle bundle, BundleEvent event) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    if (wiring != null) { // null where it has just ceased to be resolved
      for (BundleCapability exported : wiring.getCapabilities(BundleRevision.PACKAGE_NAMESPACE)) {
        Object name = exported.getAttributes().get(BundleRevision.PACKAGE_NAMESPACE);
        awaited.removeIf(contract -> isIn(contract, name) && manage(bundle, contract));
      }
      if (awaited.isEmpty() && told.compareAndSet(false, true)) {
        allThere.run();
      }
    }
    return null; // it is not looked at again before it has resolved anew
  }

  private static boolean isIn(String contract, Object name) {
    return contract.substring(0, Math.max(0, contract.lastIndexOf('.'))).equals(name);
  }

  /**
   * The bundle's own loader is asked: it answers with the class of another bundle where it is wired
   * to that for a package that it exports too.
   */
  private boolean manage(Bundle bundle, String contract) {
    try {
      engine.manage(bundle.loadClass(contract));
      return true;
    } catch (ClassNotFoundException e) {
      return false; // another bundle may export the rest of the package
    }
  }

  @Override
  public void modifiedBundle(Bundle bundle, BundleEvent event, Void nothing) {
    // what it exports is the same
  }

  @Override
  public void removedBundle(Bundle bundle, BundleEvent event, Void nothing) {
    // a contract stays managed
  }

  @Override
  public void close() {
    bundles.close();
  }
}
