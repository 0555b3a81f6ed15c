package dev.hotswap.osgi;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Swapper;
import dev.hotswap.core.Aftercare;
import dev.hotswap.core.ContentStore;
import dev.hotswap.core.PluginSwapper;
import dev.hotswap.core.ServiceFilter;
import dev.hotswap.core.SwapSettings;
import dev.hotswap.core.World;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;

/**
 * Hotswap on a framework: handles and swaps over one {@code BundleContext}. What it installs lies
 * in its content store, and is installed from there by {@code reference:} locations; everything
 * else in the framework it leaves alone.
 *
 * <p>The framework must allow two bundles of one name and version, or leave that to hooks ({@code
 * org.osgi.framework.bsnversion} is {@code multiple} or {@code managed}), and export the contracts'
 * packages and {@code dev.hotswap.api} with their versions ({@code
 * org.osgi.framework.system.packages.extra}). Its bundle cache is scratch ({@code
 * org.osgi.framework.storage.clean=onFirstInit}). Resolver threads of its own outlive it for a
 * while: {@code felix.resolver.parallelism=1} on Apache Felix, {@code
 * equinox.resolver.thread.count=1} on Eclipse Equinox. Thread-safe.
 */
public final class Engine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Engine.class.getName());

  private final BundleContext context;
  private final SwapSettings settings;
  private final World world;
  private final Generations generations = new Generations();
  private final BundleInstaller installer;
  private final PluginSwapper swapper;
  private final StopGuard guard;
  private final RawServicesHidden raw;
  private final StandIns standIns;
  private final List<ServiceRegistration<?>> hooks;
  private final Map<Class<?>, ContractTracker<?>> trackers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private Engine(
      BundleContext context,
      ContentStore store,
      SwapSettings settings,
      InstantSource clock,
      Aftercare aftercare) {
    this.context = context;
    this.settings = settings;
    this.world = new World(settings.availability(), settings.leaseTracking(), this::settle);
    this.installer = new BundleInstaller(context, generations);
    this.swapper = new PluginSwapper(world, installer, store, settings, clock, aftercare);
    this.guard = new StopGuard(generations, world, swapper, settings.drainDeadline());
    context.addBundleListener(guard);
    this.standIns = new StandIns(context, world, generations, settings);
    this.raw = new RawServicesHidden(context, generations, standIns);
    String[] serviceHooks = {FindHook.class.getName(), EventListenerHook.class.getName()};
    this.hooks =
        List.of(
            context.registerService(
                ResolverHookFactory.class, new GenerationsApart(generations), null),
            context.registerService(serviceHooks, raw, null),
            context.registerService(CollisionHook.class, new CollisionsAllowed(generations), null));
  }

  /**
   * Begins on a running framework, with nothing; what is swapped in ends with the process.
   *
   * @param context the context of the system bundle, or of a bundle that outlives all plugins
   * @param store an existing, empty folder for the bytes of live generations
   * @param settings its times
   * @param clock for the times in events
   */
  public static Engine open(
      BundleContext context, Path store, SwapSettings settings, InstantSource clock) {
    return open(context, new ContentStore(store), settings, clock);
  }

  /**
   * As below; what has left is only watched.
   *
   * @throws IllegalStateException when the framework allows no two bundles of one name and version
   */
  public static Engine open(
      BundleContext context, ContentStore store, SwapSettings settings, InstantSource clock) {
    return open(context, store, settings, clock, Aftercare.NONE);
  }

  /**
   * Begins on a running framework, with nothing; {@link #restore} brings up what was there.
   *
   * @param context the context of the system bundle, or of a bundle that outlives all plugins
   * @param store the bytes of live generations, and the journal
   * @param settings its times
   * @param clock for the times in events
   * @param aftercare what is done for generations that have left
   * @throws IllegalStateException when the framework allows no two bundles of one name and version
   */
  public static Engine open(
      BundleContext context,
      ContentStore store,
      SwapSettings settings,
      InstantSource clock,
      Aftercare aftercare) {
    requireSeveralOfOneName(context);
    return new Engine(context, store, settings, clock, aftercare);
  }

  private static void requireSeveralOfOneName(BundleContext context) {
    if (Constants.FRAMEWORK_BSNVERSION_SINGLE.equals(
        context.getProperty(Constants.FRAMEWORK_BSNVERSION))) {
      throw new IllegalStateException(
          "this framework was launched with org.osgi.framework.bsnversion=single, so that a generation"
              + " could not be installed beside another of its name and version; nothing was opened."
              + " Launch it with managed, which is the default, or with multiple.");
    }
  }

  /**
   * Brings up what the journal says is current. Bundles that plugins need are there by now, and the
   * contracts {@linkplain #manage managed}.
   *
   * @param attempts how many starts in a row the process may die in, before a generation is not
   *     started any more
   */
  public void restore(int attempts) {
    swapper.restore(attempts);
  }

  /**
   * Swaps in a file that the host is opened with, unless the journal knows its bytes, or says that
   * the process has died in that again and again. After {@link #restore}.
   *
   * @throws dev.hotswap.api.SwapRefusedException when it is refused
   */
  public void deploy(Asked asked, Path file) {
    swapper.deploy(asked, file);
  }

  /** The handle of a contract; from now on services of it are looked for. */
  public <S> Handle<S> handle(Class<S> contract) {
    return handle(contract, ServiceFilter.ANY);
  }

  /**
   * The handle of those services of a contract whose properties match an OSGi filter.
   *
   * @throws IllegalArgumentException when the filter is malformed; says where
   */
  public <S> Handle<S> handle(Class<S> contract, String filter) {
    return handle(contract, Filters.parse(filter));
  }

  private <S> Handle<S> handle(Class<S> contract, ServiceFilter filter) {
    manage(contract);
    return world.handle(contract, filter);
  }

  /** The handle on all services of a contract. */
  public <S> Handles<S> handles(Class<S> contract) {
    return handles(contract, ServiceFilter.ANY);
  }

  /**
   * The handle on all services of a contract whose properties match an OSGi filter.
   *
   * @throws IllegalArgumentException when the filter is malformed; says where
   */
  public <S> Handles<S> handles(Class<S> contract, String filter) {
    return handles(contract, Filters.parse(filter));
  }

  private <S> Handles<S> handles(Class<S> contract, ServiceFilter filter) {
    manage(contract);
    return world.handles(contract, filter);
  }

  /**
   * Looks for services of a contract that nobody has a handle on yet. Where it is an interface,
   * other bundles see its proxy in place of the services that plugins register from now on; a class
   * cannot have a proxy, and its services stay visible as they are, which is logged.
   *
   * @throws IllegalStateException when this engine is closed; so do all that give handles
   */
  public void manage(Class<?> contract) {
    if (closed) {
      throw new IllegalStateException(
          "Hotswap is closed, so there is no handle of "
              + contract.getName()
              + ". Open it again, and get the handle there.");
    }
    if (contract.isInterface()) {
      raw.hide(contract);
      standIns.add(contract);
    }
    trackers.computeIfAbsent(contract, this::tracker).open(); // opening again does nothing
  }

  /** One lease over several handles, whose services all come from one publish. */
  public JointLease lease(List<? extends Handle<?>> handles) {
    return world.lease(handles);
  }

  /** What operators do. */
  public Swapper swapper() {
    return swapper;
  }

  /** What has become of the classes of generations that have left. */
  public Leaks leaks() {
    return swapper.leaks();
  }

  /**
   * Takes the proxies out of the service registry, so that plugins that use plugins end while those
   * still answer; then ends all swapping, lets calls in flight end within the drain deadline, and
   * uninstalls every generation. A stop of one that takes longer than the start limit is
   * interrupted; where it ignores that its bundle goes on stopping. Idempotent.
   */
  @Override
  public void close() {
    closed = true;
    standIns.close();
    swapper.close();
    attempt(() -> context.removeBundleListener(guard));
    ClosingStep step = new ClosingStep(settings.startLimit());
    trackers.values().forEach(tracker -> attempt(() -> step.run(tracker::close)));
    attempt(() -> installer.removeAll(step));
    hooks.forEach(hook -> attempt(hook::unregister));
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (IllegalStateException e) {
      return; // closed before, or the framework is down already and has taken that with it
    }
  }

  private void settle(Set<Class<?>> contracts) {
    standIns.settle(contracts);
  }

  private <S> ContractTracker<S> tracker(Class<S> contract) {
    installer.addContract(contract);
    if (!contract.isInterface()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "event=no-stand-in contract="
              + contract.getName()
              + " reason=\"it is a class, and only an interface can have a proxy: plugins that get it"
              + " from the service registry hold it past a swap\"");
    }
    return new ContractTracker<>(context, contract, world, generations, standIns, guard);
  }
}
