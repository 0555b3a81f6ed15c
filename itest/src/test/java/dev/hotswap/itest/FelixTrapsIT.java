package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** What a framework does that a swapping host must not fall into. */
@Timeout(60)
class FelixTrapsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private Host host;
  private Handle<Greeter> greeter;

  @BeforeEach
  void open() {
    host = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).listener(events::add).open();
    greeter = host.handle(Greeter.class);
  }

  @AfterEach
  void close() {
    host.close();
  }

  /** Exports its own package and imports it, which bnd writes by default. */
  private static PluginJar selfImporting(String version) {
    return PluginJar.greeter(version)
        .header("Export-Package", "dev.hotswap.itest.plugins;version=\"" + version + '"')
        .header(
            "Import-Package",
            "org.osgi.framework,dev.hotswap.itest.contract,dev.hotswap.itest.plugins");
  }

  @Test
  void selfImportDoesNotWireTheNewGenerationToTheOldOnesClasses() throws Exception {
    host.swap(selfImporting("1.0.0").in(folder));
    WeakReference<ClassLoader> old = loaderOfTheCurrent();
    host.swap(selfImporting("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(events).noneMatch(SwapEvent.KeptByDependents.class::isInstance);
    awaitCollected(old);
  }

  @Test
  void selfImportAtEqualVersionIsKeptApartToo() throws Exception {
    host.swap(selfImporting("1.0.0").in(folder));
    WeakReference<ClassLoader> old = loaderOfTheCurrent();
    host.swap(selfImporting("1.0.0").header("Test-Build", "2").in(folder)).awaitReclaimed(LIMIT);
    awaitCollected(old);
  }

  @Test
  void everyGenerationHasALocationOfItsOwn() throws Exception {
    Path jar = folder.resolve("same-name.jar");
    host.swap(PluginJar.greeter("1.0.0").as(jar));
    host.swap(PluginJar.greeter("1.0.0").header("Test-Build", "2").as(jar)).awaitReclaimed(LIMIT);
    assertThat(bundlesNamed("greeter"))
        .extracting(FelixTrapsIT::fileOf)
        .containsExactly("greeter@2.jar");
  }

  @Test
  void sharedContractIsExportedWithTheVersionOfItsPackage() {
    // PluginJar imports dev.hotswap.itest.contract [1.2,2): unversioned it would not resolve
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void loaderOfAReclaimedGenerationIsCollected() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    WeakReference<ClassLoader> old = loaderOfTheCurrent();
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    awaitCollected(old);
  }

  @Test
  void refusedGenerationIsCollectedThoughItsActivatorThrewAnExceptionOfItsOwn() {
    List<WeakReference<ClassLoader>> staged = new CopyOnWriteArrayList<>();
    host.bundleContext()
        .addBundleListener(
            (SynchronousBundleListener)
                event -> {
                  if (event.getType() == BundleEvent.STARTING) {
                    staged.add(loaderOf(event.getBundle()));
                  }
                });
    Path jar =
        PluginJar.named("greeter", "1.0.0")
            .activator("ThrowingActivator")
            .classes("PluginException")
            .in(folder);
    SwapRefusedException kept =
        catchThrowableOfType(SwapRefusedException.class, () -> host.swap(jar));
    awaitCollected(staged.get(0));
    assertThat(kept).hasMessageContaining("the database is not there");
  }

  @Test
  void importerKeepsTheOldClassesUntilItLeavesAndIsNotBounced() throws Exception {
    host.swap(exporter("1.0.0").in(folder));
    host.swap(importer("1.0.0", "[1,2)").in(folder)); // cannot be wired to 2.0.0
    Bundle importing = bundlesNamed("importer").get(0);
    long modified = importing.getLastModified();
    WeakReference<ClassLoader> old = loaderOf(bundlesNamed("exporter").get(0));

    Swap swap = host.swap(exporter("2.0.0").in(folder));
    assertThat(swap.awaitReclaimed(LIMIT).retirement().orElseThrow().keptBy())
        .containsExactly("importer 1.0.0");
    assertThat(importing.getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(importing.getLastModified()).isEqualTo(modified);
    assertThat(stagesOf("exporter")).containsExactly(Stage.DRAINED, Stage.CURRENT);

    importing = null;
    host.swap(importer("2.0.0", "[2,3)").in(folder)).awaitReclaimed(LIMIT);
    assertThat(stagesOf("exporter")).containsExactly(Stage.CURRENT);
    assertThat(events).last().isInstanceOf(SwapEvent.Reclaimed.class);
    awaitCollected(old);
  }

  /**
   * Found by the storm: a bundle that somebody had updated was still pending when something else
   * was reclaimed, and was refreshed with it, that is stopped and started, though it was at work.
   */
  @Test
  void bundleThatSomebodyUpdatedIsNotBouncedWhenAnotherIsReclaimed() throws Exception {
    host.swap(exporter("1.0.0").in(folder));
    host.swap(importer("1.0.0").in(folder));
    byte[] next = exporter("1.5.0").bytes();
    bundlesNamed("exporter").get(0).update(new ByteArrayInputStream(next));
    host.unload("importer").awaitReclaimed(LIMIT); // the last that was wired to what was updated
    assertThat(events).filteredOn(SwapEvent.Withdrawn.class::isInstance).hasSize(1); // the update
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.5.0");
  }

  /** Exports a package that has nothing to do with the contract. */
  private static PluginJar exporter(String version) {
    return PluginJar.greeter(version)
        .header("Bundle-SymbolicName", "exporter")
        .header("Test-Ranking", "5")
        .header("Export-Package", "dev.hotswap.itest.plugins;version=\"" + version + '"');
  }

  private static PluginJar importer(String version) {
    return importer(version, "0");
  }

  /** Has no such classes of its own. */
  private static PluginJar importer(String version, String range) {
    return PluginJar.named("importer", version)
        .header("Bundle-Activator", "dev.hotswap.itest.plugins.GreeterActivator")
        .header(
            "Import-Package",
            "org.osgi.framework,dev.hotswap.itest.contract,dev.hotswap.itest.plugins;version=\""
                + range
                + '"');
  }

  @Test
  void newImporterIsWiredToTheCurrentGenerationOnly() throws Exception {
    host.swap(exporter("1.0.0").in(folder));
    host.swap(importer("1.0.0").in(folder));
    host.swap(exporter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    host.swap(importer("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    BundleWiring wiring = bundlesNamed("importer").get(0).adapt(BundleWiring.class);
    assertThat(wiring.getRequiredWires("osgi.wiring.package"))
        .extracting(wire -> fileOf(wire.getProvider().getBundle()))
        .contains("exporter@2.jar")
        .doesNotContain("exporter@1.jar");
  }

  @Test
  void nothingIsWiredToAGenerationThatHasLeftAndIsOnlyKept() throws Exception {
    host.swap(exporter("1.0.0").in(folder));
    host.swap(importer("1.0.0").in(folder));
    // the same package version: the framework would prefer the one that is resolved already
    host.swap(exporter("1.0.0").header("Test-Build", "2").in(folder)).awaitReclaimed(LIMIT);
    host.swap(importer("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    BundleWiring wiring = bundlesNamed("importer").get(0).adapt(BundleWiring.class);
    assertThat(wiring.getRequiredWires("osgi.wiring.package"))
        .extracting(wire -> fileOf(wire.getProvider().getBundle()))
        .contains("exporter@2.jar")
        .doesNotContain("exporter@1.jar");
    assertThat(stagesOf("exporter")).containsExactly(Stage.CURRENT);
  }

  /**
   * Found by the storm, on Equinox: a refresh of something else resolved what had just been
   * installed, and the next generation was wired to the library that was about to leave.
   */
  @Test
  void whatIsResolvedForSomebodyElseWhileASetIsInstalledIsWiredWithinTheSet() throws Exception {
    host.swap(exporter("1.0.0").in(folder));
    host.swap(importer("1.0.0").in(folder));
    host.bundleContext().addBundleListener((SynchronousBundleListener) this::resolveAtOnce);

    host.swap(exporter("2.0.0").in(folder)).awaitReclaimed(LIMIT);

    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(stagesOf("importer")).containsExactly(Stage.CURRENT);
  }

  private void resolveAtOnce(BundleEvent event) {
    if (event.getType() == BundleEvent.INSTALLED) {
      wiring().resolveBundles(List.of(event.getBundle()));
    }
  }

  /** What is there is had by everybody all the while; what arrives, by nobody yet. */
  @Test
  void whatSomebodyResolvesWhileASetIsInstalledFindsAllButThatSet() throws Exception {
    host.swap(library("1.0.0").in(folder));
    Bundle ofTheOld = installed(importer("1.0.0", "[1,2)"));
    Bundle ofTheNew = installed(importer("2.0.0", "[2,3)"));
    List<Boolean> resolved = new CopyOnWriteArrayList<>();
    host.bundleContext()
        .addBundleListener(
            (SynchronousBundleListener)
                event -> {
                  if (event.getType() == BundleEvent.INSTALLED) {
                    resolved.add(wiring().resolveBundles(List.of(ofTheOld)));
                    resolved.add(wiring().resolveBundles(List.of(ofTheNew)));
                  }
                });

    host.swap(library("2.0.0").in(folder));

    assertThat(resolved).containsExactly(true, false);
    assertThat(wiring().resolveBundles(List.of(ofTheNew))).isTrue();
  }

  /** It needs nothing, so that nothing keeps it from being resolved. */
  private static PluginJar library(String version) {
    return PluginJar.named("library", version)
        .without("Import-Package")
        .header("Export-Package", "dev.hotswap.itest.plugins;version=\"" + version + '"');
  }

  private Bundle installed(PluginJar jar) throws Exception {
    byte[] bytes = jar.bytes();
    String location = "somebody's " + jar.hashCode();
    return host.bundleContext().installBundle(location, new ByteArrayInputStream(bytes));
  }

  /** Threads of the resolver would keep a stopped framework in memory for a minute. */
  @Test
  @Tag("felix") // its resolver's threads
  void resolverHasNoThreadsOfItsOwn() {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    assertThat(host.bundleContext().getProperty("felix.resolver.parallelism")).isEqualTo("1");
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("FelixResolver"));
  }

  /**
   * A refresh stops what it bounces under the framework's global lock: were a generation refreshed
   * before it is stopped, nobody could install while its stop takes its time.
   */
  @Test
  void anotherPluginIsSwappedWhileTheStopOfAnOldGenerationTakesItsTime() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    System.getProperties().put("test.release", release);
    try {
      host.swap(slowToStop("1.0.0"));
      Bundle old = bundlesNamed("slow").get(0);
      host.swap(slowToStop("2.0.0"));
      await().atMost(LIMIT).until(() -> old.getState() == Bundle.STOPPING);
      assertThat(
              CompletableFuture.supplyAsync(() -> host.swap(PluginJar.greeter("1.0.0").in(folder))))
          .succeedsWithin(LIMIT);
      assertThat(old.getState()).isEqualTo(Bundle.STOPPING);
    } finally {
      release.countDown();
      host.close(); // while the property is there
      System.getProperties().remove("test.release");
    }
  }

  private Path slowToStop(String version) {
    return PluginJar.named("slow", version)
        .activator("SlowStopActivator")
        .classes("GreeterActivator", "OpenGreeter", "LateLoaded", "PluginException")
        .in(folder);
  }

  /** Base bundles start before it, so that one of them can see what nobody else does. */
  @Test
  void emptyBundleRunsAtOpenSoThatTheFirstSwapIsNotTheFirstRunAndLeavesNothing() {
    List<String> seen = new CopyOnWriteArrayList<>();
    System.getProperties().put("test.witness", seen);
    Path witness = PluginJar.named("witness", "1.0.0").activator("WitnessActivator").in(folder);
    try (Host watched = Hosts.builder().share(Greeter.class).base(witness).open()) {
      assertThat(seen)
          .filteredOn(line -> line.startsWith("dev.hotswap.first-run "))
          .containsSubsequence(
              "dev.hotswap.first-run installed",
              "dev.hotswap.first-run resolved",
              "dev.hotswap.first-run started",
              "dev.hotswap.first-run stopped",
              "dev.hotswap.first-run uninstalled");
      assertThat(watched.bundleContext().getBundles()).hasSize(2);
    } finally {
      System.getProperties().remove("test.witness");
    }
    assertThat(host.bundleContext().getBundles()).hasSize(1);
  }

  /** A copy over a file that is there writes into it: no name and no inode changes. */
  @Test
  void fileThatIsRewrittenInPlaceAfterItsSwapIsNotTheOneThatRuns() throws Exception {
    Path jar = PluginJar.greeter("1.0.0").text("late.txt", "as it was").in(folder);
    host.swap(jar);
    Object inode = Files.getAttribute(jar, "unix:ino");
    Files.write(jar, new byte[(int) Files.size(jar)]);
    assertThat(Files.getAttribute(jar, "unix:ino")).isEqualTo(inode);

    ClassLoader running = bundlesNamed("greeter").get(0).adapt(BundleWiring.class).getClassLoader();
    try (InputStream late = running.getResourceAsStream("late.txt")) {
      assertThat(late).hasContent("as it was");
    }
    String answer =
        greeter.with(open -> open.holdThenLoadLate(new CountDownLatch(1), new CountDownLatch(0)));
    assertThat(answer).isEqualTo("1.0.0 late");
  }

  /**
   * With what does not fit everything leaves that is free to, by a refresh. The thread that does
   * those tells its listeners itself: who waits there for the next one waits for himself.
   */
  @Test
  void misfitThatAListenerOfARefreshAsksForIsRefusedWithoutAWaitForTheNextOne() throws Exception {
    host.swap(exporter("1.0.0").in(folder));
    host.swap(importer("1.0.0", "[1,2)").in(folder));
    host.swap(exporter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    byte[] moved = importer("1.1.0", "[2,3)").bytes();
    bundlesNamed("importer").get(0).update(new ByteArrayInputStream(moved)); // exporter 1 is free
    Path misfit =
        PluginJar.named("misfit", "1.0.0")
            .without("Import-Package")
            .type(Greeter.class.getName()) // its own copy of the contract
            .in(folder);
    byte[] any = PluginJar.named("any", "1.0.0").bytes();
    Bundle refreshed = host.bundleContext().installBundle("any", new ByteArrayInputStream(any));
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    wiring()
        .refreshBundles(
            List.of(refreshed), event -> thrown.complete(catchThrowable(() -> host.swap(misfit))));

    assertThat(thrown).succeedsWithin(LIMIT);
    assertThat(thrown.get())
        .isInstanceOfSatisfying(
            SwapRefusedException.class,
            e -> assertThat(e.refusal()).isInstanceOf(Refusal.EmbeddedContract.class));
    assertThat(bundlesNamed("misfit")).isEmpty();
    await().atMost(LIMIT).until(() -> wiring().getRemovalPendingBundles().isEmpty());
  }

  private FrameworkWiring wiring() {
    return host.bundleContext().getBundle().adapt(FrameworkWiring.class);
  }

  @Test
  void registeringTheNewServiceBeforeUnregisteringTheOldNeverShowsAGap() throws Exception {
    host.swap(
        PluginJar.greeter("1.0.0")
            .activator("ReregisteringActivator")
            .classes("ReregisteringActivator$1")
            .in(folder));
    for (int i = 0; i < 500; i++) {
      assertThat(greeter.with(Greeter::fail)).isEqualTo("replaced");
      assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    }
  }

  @Test
  @Tag("felix") // it alone rewrites a file at every install
  void nextBundleIdIsWrittenToNowhereUnlessTheStorageIsTheEmbeddersOwn() throws Exception {
    Path data = folder.resolve("data");
    Path own = folder.resolve("own");
    try (Host first = Hosts.builder().data(data).share(Greeter.class).open();
        Host second =
            Hosts.builder()
                .property(Constants.FRAMEWORK_STORAGE, own.toString())
                .share(Greeter.class)
                .open()) {
      first.swap(PluginJar.greeter("1.0.0").in(folder));
      second.swap(PluginJar.greeter("1.0.0").in(folder));
      assertThat(data.resolve("cache/bundle0/bundle.id")).isSymbolicLink();
      assertThat(own.resolve("bundle0/bundle.id")).isRegularFile().isNotEmptyFile();
    }
    assertThat(data.resolve("cache")).doesNotExist();
  }

  private List<Bundle> bundlesNamed(String name) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .toList();
  }

  private List<Stage> stagesOf(String plugin) {
    return host.snapshot().plugin(plugin).orElseThrow().generations().stream()
        .map(live -> live.stage())
        .toList();
  }

  private WeakReference<ClassLoader> loaderOfTheCurrent() {
    return new WeakReference<>(greeter.with(service -> service.getClass().getClassLoader()));
  }

  private static WeakReference<ClassLoader> loaderOf(Bundle bundle) {
    return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
  }

  private static void awaitCollected(WeakReference<ClassLoader> loader) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              System.gc();
              return loader.get() == null;
            });
  }

  private static String fileOf(Bundle bundle) {
    return bundle.getLocation().replaceAll(".*/", "");
  }
}
