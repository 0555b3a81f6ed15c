package dev.hotswap.osgi;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.hotswap.api.Handle;
import dev.hotswap.core.SwapSettings;
import dev.hotswap.core.World;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * The proxy of one contract in the service registry, which other bundles see in place of the
 * services that generations register. It is there while a current generation provides the contract,
 * whichever; a swap does not touch it.
 *
 * <p>To register and to unregister it runs the code of those who use it: components are activated,
 * or deactivated once calls in flight on their own services have ended. That is done on a thread of
 * its own, and whoever caused it waits: for at most the start limit, or the drain deadline. What is
 * caused by that code in turn is done there and then. Thread-safe.
 */
class StandIn<S> {
  /** The service property by which a stand-in can be told from other services. */
  static final String MARK = "hotswap.proxy";

  private static final System.Logger LOG = System.getLogger(StandIn.class.getName());

  private final BundleContext context;
  private final Class<S> contract;
  private final World world;
  private final SwapSettings settings;
  private boolean closed; // this and the next two are guarded by the monitor
  private boolean standing; // or about to, where a thread is settling
  private Thread settling;
  private ServiceRegistration<S> registration; // of the settling thread only

  StandIn(BundleContext context, Class<S> contract, World world, SwapSettings settings) {
    this.context = context;
    this.contract = contract;
    this.world = world;
    this.settings = settings;
  }

  /** Registers or unregisters, as the world now says; in a swap there is nothing to do. */
  void settle() {
    Thread current = Thread.currentThread();
    boolean inline = current instanceof RegistryThread;
    boolean begins;
    Thread busy;
    synchronized (this) {
      if (isWanted() == standing) {
        return; // also where a thread is at it: who does not change it need not wait
      }
      begins = settling == null;
      if (begins) {
        settling = inline ? current : startThread();
      }
      busy = settling;
    }
    if (begins && busy == current) {
      run();
    } else if (busy != current && !inline) {
      await(busy);
    }
  }

  /** Takes it away for good. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    settle();
  }

  private void run() {
    try {
      while (tryTurn()) {
        change();
      }
    } catch (RuntimeException | Error e) {
      giveUp(e);
    }
  }

  /** Who changes the world and finds a thread at it relies on this last look. */
  private synchronized boolean tryTurn() {
    boolean turns = isWanted() != standing;
    if (turns) {
      standing = !standing;
    } else {
      settling = null;
    }
    return turns;
  }

  private synchronized boolean isWanted() {
    return !closed && isNeeded(standing);
  }

  /** Under the monitor. */
  boolean isNeeded(boolean stands) {
    return world.provides(contract);
  }

  /** Whether it is in the registry, or about to be. */
  final synchronized boolean isStanding() {
    return standing;
  }

  /** Whether it is out of the registry, and those who used it have been told. */
  final synchronized boolean isDown() {
    return !standing && settling == null;
  }

  /** What is registered. */
  Handle<S> handle() {
    return world.ownHandle(contract);
  }

  /** As what it is registered. */
  Map<String, Object> properties() {
    return Map.of(MARK, true);
  }

  /** What it calls is foreign code: no lock is held. */
  private void change() {
    if (registration == null) {
      S proxy = handle().proxy();
      registration = registrant().registerService(contract, proxy, new Hashtable<>(properties()));
    } else {
      ServiceRegistration<S> old = registration;
      registration = null;
      old.unregister();
    }
  }

  /**
   * The bundle that has the contract, where one has and runs: a bundle is shown only those services
   * whose registrant gets the contract's package from where it does itself.
   *
   * @see <a
   *     href="https://docs.osgi.org/javadoc/osgi.core/8.0.0/org/osgi/framework/ServiceReference.html">
   *     ServiceReference.isAssignableTo</a>
   */
  private BundleContext registrant() {
    Bundle definedBy = FrameworkUtil.getBundle(contract);
    BundleContext its = definedBy == null ? null : definedBy.getBundleContext();
    return its == null ? context : its;
  }

  private synchronized void giveUp(Throwable thrown) {
    boolean meant = closed; // the framework is down already, and has taken it along
    closed = true;
    standing = false;
    settling = null;
    if (!meant) {
      LOG.log(
          System.Logger.Level.WARNING,
          "event=stand-in-failed contract=" + contract.getName() + " thrown=" + thrown);
    }
  }

  private void await(Thread busy) {
    Duration limit = isWanted() ? settings.startLimit() : settings.drainDeadline();
    try {
      NANOSECONDS.timedJoin(busy, limit.toNanos());
      if (busy.isAlive()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "event=consumers-overdue contract=" + contract.getName() + " waited=" + limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it goes on alone
    }
  }

  private Thread startThread() {
    Thread thread = new RegistryThread(this::run);
    try {
      thread.start();
      return thread;
    } catch (OutOfMemoryError e) { // no thread to be had: then here
      return Thread.currentThread();
    }
  }

  /** Runs the code of consumers. New each time, so that nothing of theirs stays in it. */
  private static final class RegistryThread extends Thread {
    RegistryThread(Runnable work) {
      super(null, work, "hotswap-registry", 0, false);
      setDaemon(true);
      setContextClassLoader(StandIn.class.getClassLoader());
    }
  }
}
