package dev.hotswap.host;

import dev.hotswap.api.Asked;
import dev.hotswap.api.CallTimes;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.Holder;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Leftovers;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.ReceiptFormat;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Swapper;
import dev.hotswap.core.Aftercare;
import dev.hotswap.core.Disk;
import dev.hotswap.core.SwapSettings;
import dev.hotswap.core.VerdictSettings;
import dev.hotswap.core.World;
import dev.hotswap.leaks.HeapDumpWalk;
import dev.hotswap.leaks.JvmLeftovers;
import dev.hotswap.leaks.ThreadPolicy;
import dev.hotswap.leaks.WalkSettings;
import dev.hotswap.osgi.Engine;
import dev.hotswap.watch.WatchFolder;
import dev.hotswap.watch.WatchOptions;
import dev.hotswap.watch.cm.ConfigurationAdminFiles;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host with a framework of its own: an Apache Felix, unless its builder is given another.
 *
 * <pre>{@code
 * try (Host host = Host.builder().share(Rules.class).open()) {
 *   Handle<Rules> rules = host.handle(Rules.class);
 *   host.swap(Path.of("rules-1.0.jar"));
 *   int score = rules.with(r -> r.evaluate(7));
 *   host.swap(Path.of("rules-2.0.jar"));
 * }
 * }</pre>
 *
 * <p>Several hosts may live in one JVM. A host changes nothing of the JVM: no URL handlers, no
 * system properties, no streams. Thread-safe.
 */
public final class Host implements Swapper, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Host.class);

  private final EmbeddedFramework framework;
  private final Engine engine;
  private final SharedPackages shared;
  private final List<Bundle> base;
  private final AtomicReference<Thread> closing = new AtomicReference<>(); // who does it
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicReference<WatchFolder> watch = new AtomicReference<>();

  private Host(
      EmbeddedFramework framework, Engine engine, SharedPackages shared, List<Bundle> base) {
    this.framework = framework;
    this.engine = engine;
    this.shared = shared;
    this.base = List.copyOf(base);
  }

  /**
   * Opens a host as a configuration folder says.
   *
   * @param config a folder with {@code host.properties}, {@code bundles.properties} and {@code
   *     framework.properties}, each of which may be missing
   * @throws HostStartException when a key is unknown, a value cannot be read, or the host does not
   *     start
   * @throws SwapRefusedException when a plugin of the configuration is refused
   */
  public static Host open(Path config) {
    return builder(config).open();
  }

  /** For embedders. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A builder that begins with what a configuration folder says.
   *
   * @throws HostStartException as {@link #open(Path)}
   */
  public static Builder builder(Path config) {
    return new Builder(ConfigFolder.read(config));
  }

  private static Host open(HostConfig config) {
    ClassLoader loader = config.framework().factory().getClass().getClassLoader();
    SharedPackages shared = new SharedPackages(loader);
    shared.add(Swapper.class);
    config.shared().forEach(shared::add);
    config.watch().ifPresent(folder -> shared.add(ConfigurationAdmin.class));
    DataFolder data = DataFolder.open(config.data(), config.disk());
    EmbeddedFramework framework;
    try {
      framework = EmbeddedFramework.init(config.framework(), data, shared.asHeader());
    } catch (RuntimeException | Error e) {
      data.close();
      throw e;
    }
    Host host = open(config, shared, data, framework);
    try {
      host.offer(data.folder());
      Asked atOpen = new Asked("host", "deployed at open");
      host.engine.restore(config.startAttempts());
      config.plugins().forEach(plugin -> host.engine.deploy(atOpen, plugin));
      config.watch().ifPresent(host::watch);
      return host;
    } catch (RuntimeException | Error e) {
      closeAfter(e, host::close);
      throw e;
    }
  }

  private static Host open(
      HostConfig config, SharedPackages shared, DataFolder data, EmbeddedFramework framework) {
    try {
      // before the first install, so that its hooks see every resolve
      Engine engine =
          Engine.open(
              framework.context(),
              data.store(),
              config.settings(),
              config.clock(),
              aftercare(config));
      try {
        return start(config, shared, framework, engine);
      } catch (RuntimeException | Error e) {
        closeAfter(e, engine::close);
        throw e;
      }
    } catch (RuntimeException | Error e) {
      closeAfter(e, framework::close);
      throw e;
    }
  }

  private static Aftercare aftercare(HostConfig config) {
    HeapWalk walk = config.walk().apply(config.data().map(Path::toAbsolutePath));
    return new Aftercare(config.leftovers(), () -> Optional.of(walk));
  }

  private void watch(Path folder) {
    BundleContext context = framework.context();
    try {
      watch.set(
          WatchFolder.open(
              folder, this, WatchOptions.DEFAULT, ConfigurationAdminFiles.of(context)));
      context.registerService(Quarantine.class, watch.get(), null);
    } catch (UncheckedIOException e) {
      throw new HostStartException(e.getMessage() + " (" + e.getCause() + ")", e);
    }
  }

  /**
   * To bundles that serve operators, as a shell does: this, with the data folder as a property, and
   * the form of receipts, and what has become of generations that left. Plugins may have them too.
   */
  private void offer(Path data) {
    BundleContext context = framework.context();
    context.registerService(ReceiptFormat.class, ReceiptJson::write, null);
    context.registerService(Leaks.class, leaks(), null);
    context.registerService(
        Swapper.class, this, FrameworkUtil.asDictionary(Map.of("hotswap.data", data.toString())));
  }

  /** What the close throws in turn goes with the reason that comes first. */
  private static void closeAfter(Throwable reason, Runnable close) {
    try {
      close.run();
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  private static Host start(
      HostConfig config, SharedPackages shared, EmbeddedFramework framework, Engine engine) {
    engine.swapper().subscribe(new EventLog());
    config.listeners().forEach(engine.swapper()::subscribe);
    List<Bundle> base = new ArrayList<>(framework.start(config.base()));
    if (config.configurationAdmin().isPresent() && !isConfigurable(framework.context())) {
      base.addAll(framework.start(List.of(config.configurationAdmin().get())));
    }
    config.shared().forEach(engine::manage);
    config.contracts().forEach(name -> engine.manage(ofBase(base, name)));
    FirstRun.run(framework.context());
    LOG.info("event=opened leases={} base={}", World.lane(), base.size());
    return new Host(framework, engine, shared, base);
  }

  /** Also by a service whose class is not the host's. */
  private static boolean isConfigurable(BundleContext context) {
    try {
      return context.getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)
          != null;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
  }

  /**
   * The handle of a contract; the same one every time.
   *
   * @throws IllegalArgumentException when the contract is neither shared with plugins nor from a
   *     base bundle of this host: no plugin could provide it
   */
  public <S> Handle<S> handle(Class<S> contract) {
    requireProvidable(contract);
    return engine.handle(contract);
  }

  /**
   * The handle of those services of a contract whose properties match an OSGi filter such as {@code
   * (lang=de)}; the same one every time. Among several OSGi's rule decides, as without a filter. A
   * service whose properties cease to match gets no new calls through this handle.
   *
   * @param filter strings, numbers, characters, booleans, versions, and arrays and collections of
   *     them are compared; properties with values of other classes are not there for it
   * @throws IllegalArgumentException when the filter is malformed, and says where; or as {@link
   *     #handle(Class)}
   * @see <a href="https://www.rfc-editor.org/rfc/rfc1960">RFC 1960</a> and OSGi Core 8, 3.2.7
   */
  public <S> Handle<S> handle(Class<S> contract, String filter) {
    requireProvidable(contract);
    return engine.handle(contract, filter);
  }

  /**
   * The handle on all services of a contract: an extension point; the same one every time.
   *
   * @throws IllegalArgumentException as {@link #handle(Class)}
   */
  public <S> Handles<S> handles(Class<S> contract) {
    requireProvidable(contract);
    return engine.handles(contract);
  }

  /**
   * The handle on all services of a contract whose properties match an OSGi filter; the same one
   * every time.
   *
   * @throws IllegalArgumentException as {@link #handle(Class, String)}
   */
  public <S> Handles<S> handles(Class<S> contract, String filter) {
    requireProvidable(contract);
    return engine.handles(contract, filter);
  }

  private void requireProvidable(Class<?> contract) {
    Objects.requireNonNull(contract, "the contract is null");
    Bundle definedBy = FrameworkUtil.getBundle(contract);
    boolean fromBase = definedBy != null && base.contains(definedBy);
    if (!fromBase && !shared.contains(contract)) {
      throw new IllegalArgumentException(
          contract.getName()
              + " is not shared with plugins, so none can provide it. Open the host with share("
              + contract.getSimpleName()
              + ".class), or deploy its package in a base bundle.");
    }
  }

  /**
   * A contract that comes from a base bundle; from now on plugins that provide it are accepted.
   *
   * @throws IllegalArgumentException when no base bundle has such a class
   */
  public Class<?> contract(String name) {
    Class<?> contract =
        find(base, name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no base bundle of this host has a class " + name));
    engine.manage(contract);
    return contract;
  }

  private static Optional<Class<?>> find(List<Bundle> bundles, String name) {
    for (Bundle bundle : bundles) {
      try {
        return Optional.of(bundle.loadClass(name));
      } catch (ClassNotFoundException e) {
        continue; // the next one may have it
      }
    }
    return Optional.empty();
  }

  private static Class<?> ofBase(List<Bundle> base, String name) {
    return find(base, name)
        .orElseThrow(
            () ->
                new HostStartException(
                    "no base bundle has a class "
                        + name
                        + "; nothing was started. Deploy the contract's bundle as a base bundle."));
  }

  /** One lease over several handles, whose services all come from one publish, never a mix. */
  public JointLease lease(Handle<?>... handles) {
    return engine.lease(List.of(handles));
  }

  @Override
  public Plan plan(SwapOptions options, Path... jars) {
    return engine.swapper().plan(given(options), given(jars));
  }

  @Override
  public Swap swap(SwapOptions options, Path... jars) {
    return engine.swapper().swap(given(options), given(jars));
  }

  @Override
  public StagedSet stage(SwapOptions options, Path... jars) {
    return engine.swapper().stage(given(options), given(jars));
  }

  @Override
  public Swap rollback(SwapOptions options, String plugin) {
    return engine.swapper().rollback(given(options), named(plugin));
  }

  @Override
  public Swap rollback(SwapOptions options, String plugin, long generation) {
    return engine.swapper().rollback(given(options), named(plugin), generation);
  }

  @Override
  public List<Generation> wayBack(String plugin) {
    return engine.swapper().wayBack(named(plugin));
  }

  @Override
  public Swap unload(SwapOptions options, String plugin) {
    return engine.swapper().unload(given(options), named(plugin));
  }

  @Override
  public List<Receipt> receipts() {
    return engine.swapper().receipts();
  }

  @Override
  public Optional<Receipt> receipt(long id) {
    return engine.swapper().receipt(id);
  }

  @Override
  public Snapshot snapshot() {
    return engine.swapper().snapshot();
  }

  /** What has become of the classes of generations that have left. */
  public Leaks leaks() {
    return engine.leaks();
  }

  @Override
  public boolean wasUnloaded(String plugin, String sha256) {
    return engine.swapper().wasUnloaded(named(plugin), sha256);
  }

  @Override
  public List<Generation> dependents(String plugin) {
    return engine.swapper().dependents(named(plugin));
  }

  @Override
  public List<Holder> holders(String plugin) {
    return engine.swapper().holders(named(plugin));
  }

  @Override
  public List<Generation> decideDrain(String plugin, DeadlinePolicy policy) {
    Objects.requireNonNull(policy, "what to do about the drain is null");
    return engine.swapper().decideDrain(named(plugin), policy);
  }

  @Override
  public CallTimes callTimes() {
    return engine.swapper().callTimes();
  }

  @Override
  public Subscription subscribe(SwapListener listener) {
    return engine.swapper().subscribe(Objects.requireNonNull(listener, "the listener is null"));
  }

  private static SwapOptions given(SwapOptions options) {
    return Objects.requireNonNull(options, "the options are null; SwapOptions.NONE are the host's");
  }

  private static Path[] given(Path... jars) {
    Objects.requireNonNull(jars, "the files to swap are null");
    for (Path jar : jars) {
      Objects.requireNonNull(jar, "one of the files to swap is null");
    }
    return jars;
  }

  private static String named(String plugin) {
    return Objects.requireNonNull(plugin, "the name of the plugin is null");
  }

  /** The framework's own context, for what Hotswap does not do. */
  public BundleContext bundleContext() {
    return framework.context();
  }

  /**
   * Refuses new swaps and calls, lets calls in flight end within the drain deadline, stops the
   * framework, ends every thread of the host and gives its data folder back. Idempotent: whoever
   * asks while another thread closes waits until that is done, and so must not be what that waits
   * for: a call in flight, or the stop of a bundle. An interrupt ends this wait, and is kept.
   *
   * @throws HostCloseException when the framework has not stopped within the stop limit, as where
   *     an activator hangs that ignores its interrupt; says which bundle it is. What hangs runs on,
   *     and the data folder is given back when it has ended.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(null, Thread.currentThread())) {
      awaitClosed();
      return;
    }
    LOG.info("event=closing");
    try (framework) { // closed whatever the engine comes to
      Optional.ofNullable(watch.get()).ifPresent(WatchFolder::close);
      engine.close();
    } finally {
      closed.countDown();
    }
    LOG.info("event=closed");
  }

  /** Who ends the process next may have asked: calls in flight have their time all the same. */
  private void awaitClosed() {
    if (closing.get() != Thread.currentThread()) { // a listener may ask, on our own thread
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What a host is opened with. Not thread-safe; one builder opens one host. */
  public static final class Builder {
    private final List<Class<?>> shared = new ArrayList<>();
    private final List<String> contracts = new ArrayList<>();
    private final List<Path> base = new ArrayList<>();
    private final List<Path> plugins = new ArrayList<>();
    private final List<SwapListener> listeners = new ArrayList<>();
    private Optional<Executor> executor = Optional.empty();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private Optional<FrameworkFactory> framework = Optional.empty();
    private Duration stopLimit = FrameworkSettings.STOP_LIMIT;
    private Optional<Path> data = Optional.empty();
    private Disk disk = Disk.LASTING;
    private int startAttempts = HostConfig.START_ATTEMPTS;
    private Optional<Path> watch = Optional.empty();
    private Optional<Path> configurationAdmin = Optional.empty();
    private SwapSettings settings = SwapSettings.DEFAULT;
    private Leftovers leftovers = new JvmLeftovers(ThreadPolicy.REPORT);
    private Function<Optional<Path>, HeapWalk> walk =
        folder -> new HeapDumpWalk(HostConfig.in(folder, WalkSettings.defaults()));
    private InstantSource clock = InstantSource.system();

    Builder() {}

    private Builder(HostConfig config) {
      settings = config.settings();
      data = config.data();
      startAttempts = config.startAttempts();
      watch = config.watch();
      leftovers = config.leftovers();
      walk = config.walk();
      shared.addAll(config.shared());
      contracts.addAll(config.contracts());
      base.addAll(config.base());
      plugins.addAll(config.plugins());
      properties.putAll(config.framework().own());
      stopLimit = config.framework().stopLimit();
    }

    /**
     * Contracts from the embedding application's class path. The package of each, with its version,
     * is exported to plugins; types that a contract mentions from other packages are named too.
     */
    public Builder share(Class<?>... contracts) {
      shared.addAll(List.of(contracts));
      return this;
    }

    /**
     * Contracts that come from base bundles, by class name; needed where {@link #plugins} provide
     * them. Later ones are named to {@link Host#contract}.
     */
    public Builder contracts(String... names) {
      contracts.addAll(List.of(names));
      return this;
    }

    /** Bundles that are deployed at start and never swapped: contracts, libraries, extenders. */
    public Builder base(Path... jars) {
      base.addAll(List.of(jars));
      return this;
    }

    /**
     * Plugins to begin with, swapped in before {@link #open()} returns. Where the data folder
     * remembers what ran before, a file counts only if it is new: one whose bytes the plugin has
     * had before, or the host was opened with the last time, changes nothing.
     */
    public Builder plugins(Path... jars) {
      plugins.addAll(List.of(jars));
      return this;
    }

    /**
     * Where the host keeps its files, and remembers what is current: the next host that is opened
     * on this folder begins with that, also after a crash. By default a temporary folder, deleted
     * at close, and nothing is remembered.
     */
    public Builder data(Path folder) {
      data = Optional.of(folder);
      return this;
    }

    /** What the data folder is written by; for tests of what happens when that fails. */
    Builder disk(Disk writer) {
      disk = writer;
      return this;
    }

    /**
     * How many starts in a row the process may die in, at a restart, before a generation is not
     * started any more and the one before it is; two unless told otherwise.
     */
    public Builder startAttempts(int most) {
      startAttempts = HostConfig.startAttempts(most);
      return this;
    }

    /**
     * A folder to watch: bundles that are dropped there are swapped in, and unloaded when they are
     * deleted, from the open of the host to its close. By default none.
     *
     * @see WatchFolder
     */
    public Builder watch(Path folder) {
      watch = Optional.of(folder);
      return this;
    }

    /** None is watched, also where the configuration folder names one. */
    public Builder watchNothing() {
      watch = Optional.empty();
      return this;
    }

    /**
     * A bundle with a Configuration Admin Service, for the files of settings in the watch folder
     * and whatever else asks for it: started after the base bundles, where none of those offers
     * one. By default none, and files of settings wait until there is one.
     */
    public Builder configurationAdmin(Path jar) {
      configurationAdmin = Optional.of(jar);
      return this;
    }

    /**
     * The framework to run on, in place of Apache Felix. What Hotswap is tested with is Felix and
     * Eclipse Equinox ({@code org.eclipse.osgi.launch.EquinoxFactory}); another one must run two
     * bundles of one name and version beside each other, and install from {@code reference:file:}
     * locations.
     */
    public Builder framework(FrameworkFactory factory) {
      framework = Optional.of(factory);
      return this;
    }

    /**
     * A property for the framework. The last value counts, but that system packages ({@code
     * org.osgi.framework.system.packages.extra}) are added to those that are named already.
     */
    public Builder property(String key, String value) {
      if (key.equals(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA)) {
        properties.merge(key, value, (old, more) -> old + "," + more);
      } else {
        properties.put(key, value);
      }
      return this;
    }

    /** How long a call waits when nothing provides its contract. By default 5 s. */
    public Builder availability(Duration limit) {
      settings = settings.withAvailability(limit);
      return this;
    }

    /** How long a plugin may take to start and to offer its services. By default 10 s. */
    public Builder startLimit(Duration limit) {
      settings = settings.withStartLimit(limit);
      return this;
    }

    /**
     * After how long a drain is reported as overdue, and the longest that calls in flight hold up a
     * stop by somebody else or the close of the host. By default 30 s.
     */
    public Builder drainDeadline(Duration limit) {
      settings = settings.withDrainDeadline(limit);
      return this;
    }

    /**
     * How long the framework may take to stop when the host closes; above zero, by default 30 s.
     */
    public Builder stopLimit(Duration limit) {
      stopLimit = limit;
      return this;
    }

    /**
     * How long the generation before stays stopped but loaded, so that a rollback is quick; 10
     * minutes unless told otherwise, zero for not at all.
     */
    public Builder standby(Duration time) {
      settings = settings.withStandby(time);
      return this;
    }

    /**
     * Notes leases one by one, and calls that would otherwise only be counted, so that an overdue
     * drain names those who hold it. Each such lease and call then costs more; the ordinary call of
     * a platform thread does not, and is named in any case. By default off.
     */
    public Builder leaseTracking(boolean tracked) {
      settings = settings.withLeaseTracking(tracked);
      return this;
    }

    /**
     * What is done about a drain that is overdue, unless a swap's options say otherwise. By default
     * it goes on.
     */
    public Builder onDeadline(DeadlinePolicy policy) {
      settings = settings.withOnDeadline(policy);
      return this;
    }

    /**
     * How many generations of one plugin may be staged, current or draining at once, from 2 on; by
     * default four. A further swap waits, for at most the drain deadline, and is then refused.
     */
    public Builder liveGenerations(int most) {
      settings = settings.withLiveGenerations(most);
      return this;
    }

    /**
     * How long a reclaimed generation is watched at least before it may be found to be held, by
     * what the JVM unloads meanwhile; a minute unless told otherwise.
     *
     * @see Leaks
     */
    public Builder verdictAfter(Duration time) {
      return verdicts(settings.verdicts().withAfter(time));
    }

    /**
     * Whether the JVM is asked for a collection of all garbage where it has not unloaded by then,
     * at most once in that time. Each is a pause of all threads. By default not: then a JVM that
     * does not unload gives no verdict.
     */
    public Builder verdictGc(boolean asked) {
      return verdicts(settings.verdicts().withGc(asked));
    }

    /**
     * Whether the heap is walked when a generation is found to be held, once for each plugin; all
     * threads stand still while it is dumped. By default only {@link Leaks#why} walks.
     */
    public Builder whyOnce(boolean walks) {
      return verdicts(settings.verdicts().withWhyOnce(walks));
    }

    private Builder verdicts(VerdictSettings how) {
      settings = settings.withVerdicts(how);
      return this;
    }

    /**
     * What takes back what generations leave behind in the JVM. By default a {@code JvmLeftovers}
     * that names threads and does not interrupt them.
     */
    public Builder leftovers(Leftovers own) {
      leftovers = own;
      return this;
    }

    /**
     * What finds out what holds generations. By default a {@code HeapDumpWalk}, which dumps into
     * {@code heap/} of the data folder, where that is named; else into the temp folder.
     */
    public Builder heapWalk(HeapWalk own) {
      walk = folder -> own;
      return this;
    }

    /** How many swaps of a plugin can be undone; ten unless told otherwise. */
    public Builder history(int depth) {
      settings = settings.withHistory(depth);
      return this;
    }

    /** Is told every event from the first on. */
    public Builder listener(SwapListener listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * On whose threads the listeners of this builder are told, each one event after the other; by
     * default on the threads on which the events happen. What plugins do runs on threads of the
     * host's own in any case. Used until the close, and not shut down by it.
     */
    public Builder executor(Executor threads) {
      executor = Optional.of(threads);
      return this;
    }

    /** For the times in events. By default the system's. */
    public Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /**
     * Opens the host.
     *
     * @throws HostStartException when it does not start; nothing is left running
     * @throws SwapRefusedException when one of the plugins is refused; nothing is left running
     */
    public Host open() {
      return Host.open(
          new HostConfig(
              settings,
              data,
              disk,
              startAttempts,
              List.copyOf(shared),
              List.copyOf(contracts),
              List.copyOf(base),
              configurationAdmin,
              List.copyOf(plugins),
              watch,
              framework
                  .map(factory -> new FrameworkSettings(factory, properties, stopLimit))
                  .orElseGet(() -> FrameworkSettings.felix(properties, stopLimit)),
              listeners.stream().map(this::deferred).toList(),
              clock,
              leftovers,
              walk));
    }

    private SwapListener deferred(SwapListener listener) {
      return executor
          .<SwapListener>map(threads -> new DeferredListener(threads, listener))
          .orElse(listener);
    }
  }
}
