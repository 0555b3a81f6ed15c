package dev.hotswap.osgi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Uninstalls bundles and has the framework forget their classes. A bundle that others are wired to
 * stays in the framework's memory until a refresh; that is asked for only once none of those runs
 * any more, because a refresh stops and restarts them under the framework's global lock.
 */
final class BundleRemoval {
  private static final System.Logger LOG = System.getLogger(BundleRemoval.class.getName());
  private static final long REFRESH_SECONDS = 30;
  private static final int TRIES = 5;

  private final FrameworkWiring wiring;

  BundleRemoval(BundleContext context) {
    this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
  }

  /**
   * Stops and uninstalls; what the bundle throws on its way out does not keep it. A framework may
   * interrupt an uninstall in favour of somebody's refresh: it is tried again.
   *
   * @return whether it is uninstalled
   */
  static boolean tryUninstall(Bundle bundle) {
    stop(bundle);
    for (int i = 0; i < TRIES && bundle.getState() != Bundle.UNINSTALLED; i++) {
      attempt("uninstall", bundle, bundle::uninstall);
    }
    return bundle.getState() == Bundle.UNINSTALLED;
  }

  /** Stops; what the bundle throws meanwhile does not keep it running. */
  static void stop(Bundle bundle) {
    if (!isFragment(bundle)) {
      attempt("stop", bundle, () -> bundle.stop(Bundle.STOP_TRANSIENT));
    }
  }

  /** It neither starts nor stops. */
  static boolean isFragment(Bundle bundle) {
    return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
  }

  /**
   * Uninstalls, and refreshes whatever nothing that runs is wired to any more.
   *
   * @throws IllegalStateException when it cannot be uninstalled
   */
  void remove(Bundle bundle) throws InterruptedException {
    if (!tryUninstall(bundle)) {
      throw new IllegalStateException("the framework does not uninstall " + bundle);
    }
    refreshFree();
  }

  /** As {@link #remove}, without a wait for the refresh: one that nobody is to be told about. */
  void discard(Bundle bundle) {
    tryUninstall(bundle);
    List<Bundle> free = free();
    if (!free.isEmpty()) {
      wiring.refreshBundles(free);
    }
  }

  /** Has the framework forget what is uninstalled and nothing that is installed is wired to. */
  void refreshFree() throws InterruptedException {
    List<Bundle> free = free();
    if (!free.isEmpty()) {
      refresh(free);
    }
  }

  private List<Bundle> free() {
    List<Bundle> free = new ArrayList<>();
    for (Bundle pending : wiring.getRemovalPendingBundles()) {
      // one that somebody updates is pending too: it runs, and a refresh would stop it
      if (pending.getState() == Bundle.UNINSTALLED && dependents(pending).isEmpty()) {
        free.add(pending);
      }
    }
    return free;
  }

  /**
   * The bundles that are wired to an uninstalled one, itself excluded: all that are installed,
   * whether they run or stand by.
   */
  List<String> dependents(Bundle bundle) {
    if (!wiring.getRemovalPendingBundles().contains(bundle)) {
      return List.of();
    }
    return wiring.getDependencyClosure(List.of(bundle)).stream()
        .filter(dependent -> dependent != bundle && dependent.getState() != Bundle.UNINSTALLED)
        .map(dependent -> dependent.getSymbolicName() + " " + dependent.getVersion())
        .sorted()
        .toList();
  }

  private void refresh(Collection<Bundle> bundles) throws InterruptedException {
    CountDownLatch refreshed = new CountDownLatch(1);
    FrameworkListener listener =
        event -> {
          if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
            refreshed.countDown();
          }
        };
    wiring.refreshBundles(bundles, listener);
    if (!refreshed.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
      LOG.log(System.Logger.Level.WARNING, "event=refresh-overdue bundles=" + bundles);
    }
  }

  private interface Step {
    void run() throws BundleException;
  }

  /** An interrupt flag that the bundle's code leaves behind is meant for nobody else. */
  private static void attempt(String step, Bundle bundle, Step work) {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } catch (BundleException | RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "event=" + step + "-failed bundle=" + bundle + " thrown=" + e);
    } finally {
      Thread.interrupted();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
