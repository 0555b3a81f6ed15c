package dev.hotswap.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.core.ContentStore;
import dev.hotswap.core.Installer;
import dev.hotswap.core.PluginSwapper;
import dev.hotswap.core.SwapSettings;
import dev.hotswap.core.World;
import dev.hotswap.osgi.contract.Greeter;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.eclipse.osgi.launch.EquinoxFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** The engine on Eclipse Equinox: what it promises does not depend on Apache Felix. */
@Timeout(60)
class EquinoxIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SWAPS = 50;

  @TempDir Path folder;
  // not the common pool: on two processors it has one thread, and the tests block two
  private final ExecutorService others = Executors.newCachedThreadPool();
  private Framework framework;
  private Engine engine;
  private Handle<Greeter> greeter;

  private void open(Duration standby) throws Exception {
    launch();
    engine = Engine.open(context(), store(), settings(standby), InstantSource.system());
    framework.start();
    greeter = engine.handle(Greeter.class);
  }

  private void launch() throws Exception {
    framework =
        new EquinoxFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    folder.resolve("cache").toString(),
                    Constants.FRAMEWORK_STORAGE_CLEAN,
                    Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                    Constants.FRAMEWORK_BSNVERSION,
                    Constants.FRAMEWORK_BSNVERSION_MULTIPLE,
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    "dev.hotswap.api;version=\"0.1.0\","
                        + "dev.hotswap.osgi.contract;version=\"1.0.0\"",
                    "osgi.framework.useSystemProperties",
                    "false",
                    "osgi.locking",
                    "none",
                    "equinox.resolver.thread.count",
                    "1",
                    "osgi.compatibility.bootdelegation",
                    "false"));
    framework.init();
  }

  private Path store() throws Exception {
    return Files.createDirectories(folder.resolve("content store, 100%20 für"));
  }

  private static SwapSettings settings(Duration standby) {
    return SwapSettings.DEFAULT.withAvailability(Duration.ofMillis(100)).withStandby(standby);
  }

  private BundleContext context() {
    return framework.getBundleContext();
  }

  @AfterEach
  void close() throws Exception {
    others.shutdownNow();
    if (engine != null) {
      engine.close();
    }
    framework.stop();
    framework.waitForStop(LIMIT.toMillis());
  }

  private Swap swap(FixtureJar jar) throws Exception {
    return engine.swapper().swap(jar.in(folder));
  }

  @Test
  void swapsUnderLoadFailNoCallAndLeaveNoLoader() throws Exception {
    open(Duration.ZERO);
    swap(FixtureJar.greeter("1.0.0"));
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    List<Swap> swaps = new ArrayList<>();
    AtomicLong calls = new AtomicLong();
    CompletableFuture<Void> over = new CompletableFuture<>();
    CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> call(calls, over), others);
    for (int build = 1; build <= SWAPS; build++) {
      long seen = calls.get();
      await().pollDelay(Duration.ZERO).until(() -> calls.get() > seen || caller.isDone());
      greeter.use(service -> loaders.add(new WeakReference<>(service.getClass().getClassLoader())));
      swaps.add(swap(FixtureJar.greeter("1.0." + build)));
      assertThat(greeter.with(Greeter::version)).isEqualTo("1.0." + build);
    }
    over.complete(null);
    caller.get(20, TimeUnit.SECONDS); // throws what a call threw
    swaps.add(engine.swapper().unload("greeter"));
    Calls counted = Calls.NONE;
    for (Swap swap : swaps) {
      Receipt receipt = swap.awaitReclaimed(LIMIT);
      counted = counted.plus(receipt.retirement().map(Retirement::calls).orElse(Calls.NONE));
    }
    // with two looks a swap, and the probe of each generation
    long expected = calls.get() + 2 * SWAPS + 1 + SWAPS;
    assertThat(counted).isEqualTo(new Calls(expected, expected, 0));
    assertThat(context().getBundles()).hasSize(1);
    awaitCollected(loaders);
  }

  private void call(AtomicLong calls, CompletableFuture<Void> over) {
    while (!over.isDone()) {
      greeter.with(Greeter::version);
      calls.incrementAndGet();
    }
  }

  private static void awaitCollected(List<WeakReference<ClassLoader>> loaders) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              System.gc();
              return loaders.stream().allMatch(loader -> loader.refersTo(null));
            });
  }

  @Test
  void refusalsKeepTheOldGeneration() throws Exception {
    open(Duration.ZERO);
    swap(FixtureJar.greeter("1.0.0"));
    int bundles = context().getBundles().length;
    assertThatThrownBy(() -> swap(FixtureJar.greeter("2.0.0").header("Test-Broken", "yes")))
        .isInstanceOf(SwapRefusedException.class)
        .hasMessageContaining("the database is not there")
        .hasMessageContaining("generation 1 (1.0.0) stays current");
    assertThatThrownBy(
            () -> swap(FixtureJar.greeter("2.0.0").header("Import-Package", "com.acme.absent")))
        .isInstanceOf(SwapRefusedException.class)
        .hasMessageContaining("nothing exports com.acme.absent");
    assertThatThrownBy(() -> swap(FixtureJar.greeter("2.0.0").header("Import-Package", ";;")))
        .isInstanceOf(SwapRefusedException.class)
        .hasMessageContaining("the framework does not accept it");
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(context().getBundles()).hasSize(bundles);
  }

  /** What the hook keeps apart is looked at once more: should it ever fail, nothing is started. */
  @Test
  void wireToTheOldGenerationIsRefusedWhereNoHookKeepsThemApart() throws Exception {
    launch();
    framework.start();
    Installer hookless = new BundleInstaller(context(), new Generations());
    ContentStore store = new ContentStore(store());
    World world = new World(Duration.ZERO);
    try (PluginSwapper swapper =
        new PluginSwapper(
            world, hookless, store, settings(Duration.ZERO), InstantSource.system())) {
      swapper.swap(selfImporting("1.0.0"));
      assertThatThrownBy(() -> swapper.swap(selfImporting("2.0.0")))
          .isInstanceOf(SwapRefusedException.class)
          .hasMessageContaining(
              "it would be wired to a generation that is leaving: osgi.wiring.package of")
          .extracting(thrown -> ((SwapRefusedException) thrown).refusal())
          .isInstanceOf(Refusal.WiredToRetiring.class);
      assertThat(context().getBundles()).hasSize(2);
    }
  }

  private Path selfImporting(String version) throws Exception {
    return FixtureJar.library(version)
        .header("Import-Package", "org.osgi.framework,dev.hotswap.osgi.library")
        .in(folder);
  }

  @Test
  void dependentsAreStagedAgainWithTheirLibraryAndTheLibraryStaysWhenTheyAreSwapped()
      throws Exception {
    open(Duration.ZERO);
    swap(FixtureJar.library("1.0.0"));
    swap(FixtureJar.speaker("1.0.0"));
    assertThat(greeter.with(Greeter::phrase)).isEqualTo("1.0.0 with 1.0.0");

    swap(FixtureJar.library("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::phrase)).isEqualTo("1.0.0 with 2.0.0");
    long library = bundle("library").getBundleId();

    swap(FixtureJar.speaker("3.0.0")).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::phrase)).isEqualTo("3.0.0 with 2.0.0");
    assertThat(bundle("library").getBundleId()).isEqualTo(library);
    assertThat(context().getBundles()).hasSize(3);

    engine.swapper().swap(library("4.0.0"), FixtureJar.speaker("4.0.0").in(folder));
    assertThat(greeter.with(Greeter::phrase)).isEqualTo("4.0.0 with 4.0.0");
  }

  private Path library(String version) throws Exception {
    return FixtureJar.library(version).in(folder);
  }

  @Test
  void rollbackFromStandbyStartsTheSameBundle() throws Exception {
    open(Duration.ofMinutes(10));
    swap(FixtureJar.greeter("1.0.0"));
    long first = bundle("greeter").getBundleId();
    swap(FixtureJar.greeter("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(stages()).containsExactly(Stage.STANDBY, Stage.CURRENT);
    engine.swapper().rollback("greeter").awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(context().getBundle(first).getState()).isEqualTo(Bundle.ACTIVE);
  }

  @Test
  void rollbackFromTheStoreBringsTheOldBytesBack() throws Exception {
    open(Duration.ZERO);
    swap(FixtureJar.greeter("1.0.0"));
    swap(FixtureJar.greeter("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(stages()).containsExactly(Stage.CURRENT);
    engine.swapper().rollback("greeter").awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(stages()).containsExactly(Stage.CURRENT);
  }

  private List<Stage> stages() {
    return engine.swapper().snapshot().plugin("greeter").orElseThrow().generations().stream()
        .map(live -> live.stage())
        .toList();
  }

  @Test
  void foreignStopWaitsForTheCallInFlight() throws Exception {
    open(Duration.ZERO);
    swap(FixtureJar.greeter("1.0.0"));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> hold(inside, go), others);
    inside.await();
    CompletableFuture<Void> stop = CompletableFuture.runAsync(this::stopTheGreeter, others);
    await().until(this::nothingAnswers); // the stop has begun, and waits
    assertThat(stop).isNotDone();
    go.countDown();
    assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0");
    stop.get(20, TimeUnit.SECONDS);
    bundle("greeter").start();
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void foreignUpdateReplacesTheCodeAndTheNextSwapReplacesThat() throws Exception {
    open(Duration.ZERO);
    swap(FixtureJar.greeter("1.0.0"));
    WeakReference<ClassLoader> updated =
        new WeakReference<>(greeter.with(service -> service.getClass().getClassLoader()));
    Path next = FixtureJar.greeter("1.5.0").in(folder);
    bundle("greeter").update(Files.newInputStream(next));
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.5.0");
    swap(FixtureJar.greeter("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    awaitCollected(List.of(updated));
  }

  private String hold(CountDownLatch inside, CountDownLatch go) {
    try {
      return greeter.with(service -> service.hold(inside, go));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void stopTheGreeter() {
    try {
      bundle("greeter").stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean nothingAnswers() {
    try {
      greeter.with(Greeter::version);
      return false;
    } catch (NoGenerationException e) {
      return true;
    }
  }

  @Test
  void otherBundlesFindTheStandInAndNoRawService() throws Exception {
    open(Duration.ZERO);
    Path jar = FixtureJar.onlooker().in(folder);
    Bundle onlooker = context().installBundle("onlooker", Files.newInputStream(jar));
    onlooker.start();
    swap(FixtureJar.greeter("1.0.0"));
    BundleContext theirs = onlooker.getBundleContext();
    ServiceReference<?>[] found = theirs.getAllServiceReferences(Greeter.class.getName(), null);
    assertThat(found)
        .singleElement()
        .satisfies(
            reference -> {
              assertThat(reference.getProperty("hotswap.proxy")).isEqualTo(true);
              assertThat(theirs.getService(reference)).isSameAs(greeter.proxy());
            });
    swap(FixtureJar.greeter("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(((Greeter) theirs.getService(found[0])).version()).isEqualTo("2.0.0");
  }

  /** It is somebody else's, and goes on. */
  @Test
  void closeLeavesNothingInTheFrameworkAndNothingComesBack() throws Exception {
    open(Duration.ZERO);
    swap(FixtureJar.library("1.0.0"));
    swap(FixtureJar.speaker("1.0.0"));
    WeakReference<ClassLoader> speaker =
        new WeakReference<>(greeter.with(service -> service.getClass().getClassLoader()));
    List<String> order = new CopyOnWriteArrayList<>();
    context()
        .addBundleListener(
            (SynchronousBundleListener)
                event -> {
                  if (event.getType() == BundleEvent.UNINSTALLED) {
                    order.add(event.getBundle().getSymbolicName());
                  }
                });

    engine.close();

    assertThat(order).containsExactly("greeter", "library");
    assertThat(context().getBundles()).hasSize(1);
    assertThat(context().getBundle(0).adapt(FrameworkWiring.class).getRemovalPendingBundles())
        .isEmpty();
    awaitCollected(List.of(speaker));
    for (Class<?> hook : List.of(ResolverHookFactory.class, FindHook.class)) {
      assertThat(context().getServiceReference(hook)).isNull();
    }
    assertThatThrownBy(() -> engine.handle(Greeter.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("Hotswap is closed", Greeter.class.getName());
  }

  private Bundle bundle(String name) {
    return Stream.of(context().getBundles())
        .filter(candidate -> name.equals(candidate.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }
}
