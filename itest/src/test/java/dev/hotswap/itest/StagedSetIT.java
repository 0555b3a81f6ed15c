package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.weaving.WeavingHook;

/** A swap in two halves: what is staged waits, unseen, until it is published or discarded. */
@Timeout(60)
class StagedSetIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  @TempDir Path data;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private Host host;
  private Handle<Greeter> greeter;

  @BeforeEach
  void open() {
    host =
        Hosts.builder()
            .data(data.resolve("host"))
            .standby(Duration.ZERO)
            .share(Greeter.class, Clock.class)
            .availability(Duration.ofMillis(50))
            .listener(events::add)
            .open();
    greeter = host.handle(Greeter.class);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    events.clear();
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void stagedSetIsUpButReachesNoCaller() {
    StagedSet set = host.stage(PluginJar.greeter("2.0.0").in(folder), clock("2.0.0"));
    assertThat(stages("greeter")).containsExactly(Stage.CURRENT, Stage.STAGED);
    assertThat(bundles("greeter")).extracting(Bundle::getState).containsOnly(Bundle.ACTIVE);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(host.handles(Greeter.class).withEach(Greeter::version)).containsExactly("1.0.0");
    assertThat(host.handles(Clock.class).withEach(Clock::version)).isEmpty();
    assertThat(set.plan().members())
        .extracting(Plan.Member::plugin)
        .containsExactly("greeter", "clock");
    assertThat(events).hasSize(2).allMatch(SwapEvent.Staged.class::isInstance);
  }

  @Test
  void publishMakesAllOfItCurrentAndBringsNothingUp() throws Exception {
    StagedSet set = host.stage(PluginJar.greeter("2.0.0").in(folder), clock("2.0.0"));
    List<Integer> bundleEvents = new CopyOnWriteArrayList<>();
    host.bundleContext()
        .addBundleListener((SynchronousBundleListener) event -> bundleEvents.add(event.getType()));
    Receipt receipt = set.publish().awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(host.handle(Clock.class).with(Clock::version)).isEqualTo("2.0.0");
    assertThat(receipt.changes())
        .extracting(Receipt.Change::plugin)
        .containsExactly("greeter", "clock");
    assertThat(receipt.id()).isEqualTo(2);
    assertThat(bundleEvents)
        .doesNotContain(BundleEvent.INSTALLED, BundleEvent.RESOLVED, BundleEvent.STARTED);
    assertThat(stages("greeter")).containsExactly(Stage.CURRENT);
  }

  /** Also those that nothing but a call would load. */
  @Test
  void classesOfAStagedSetAreLoadedBeforeThePublish() {
    Set<String> loaded = ConcurrentHashMap.newKeySet();
    host.bundleContext()
        .registerService(
            WeavingHook.class,
            woven ->
                loaded.add(woven.getBundleWiring().getBundle().getVersion() + woven.getClassName()),
            null);
    host.stage(PluginJar.greeter("2.0.0").in(folder));
    assertThat(loaded)
        .contains(
            "2.0.0dev.hotswap.itest.plugins.LateLoaded",
            "2.0.0dev.hotswap.itest.plugins.PluginException");
  }

  @Test
  void stagedServiceIsWarmBeforeItsFirstCaller() throws Exception {
    StagedSet set = host.stage(PluginJar.warmGreeter("2.0.0", "works").in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    set.publish().awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0 warm");
  }

  /** It is resolved beside the one that it replaces, which stands by when it has left. */
  @Test
  void singletonIsPublishedAfterAnotherPluginWasSwapped() throws Exception {
    try (Host patient =
        Hosts.builder().share(Greeter.class, Clock.class).availability(LIMIT).open()) {
      patient.swap(singleton("1.0.0"));
      StagedSet set = patient.stage(singleton("2.0.0"));
      patient.swap(clock("1.0.0"));

      set.publish().awaitReclaimed(LIMIT);

      assertThat(patient.handle(Greeter.class).with(Greeter::version)).isEqualTo("2.0.0");
      assertThat(patient.snapshot().plugin("alone").orElseThrow().generations())
          .extracting(Snapshot.Live::stage)
          .containsExactly(Stage.STANDBY, Stage.CURRENT);
    }
  }

  private Path singleton(String version) {
    return PluginJar.greeter(version)
        .header("Bundle-SymbolicName", "alone;singleton:=true")
        .as(folder.resolve("alone-" + version + ".jar"));
  }

  @Test
  void discardLeavesNoTrace() throws IOException {
    List<Path> files = files();
    String before = host.snapshot().plugins().toString();
    StagedSet set = host.stage(PluginJar.greeter("2.0.0").in(folder), clock("2.0.0"));
    set.discard();
    assertThat(bundles("clock")).isEmpty();
    assertThat(bundles("greeter")).hasSize(1);
    assertThat(files()).isEqualTo(files);
    assertThat(host.snapshot().plugins()).hasToString(before);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    set.discard(); // once more does nothing
    assertThat(refused(set).message())
        .contains(
            "it was published or discarded before; generation 1 (1.0.0) stays current.",
            "Stage the files again, then publish.");
  }

  @Test
  void secondPublishIsRefusedAndDiscardAfterAPublishDoesNothing() throws Exception {
    StagedSet set = host.stage(PluginJar.greeter("2.0.0").in(folder));
    set.publish().awaitReclaimed(LIMIT);
    assertThat(refused(set)).isInstanceOf(Refusal.Stale.class);
    set.discard();
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(stages("greeter")).containsExactly(Stage.CURRENT);
  }

  @Test
  void currentBytesAreStagedToNothing() throws Exception {
    StagedSet set = host.stage(folder.resolve("greeter-1.0.0.jar"));
    assertThat(stages("greeter")).containsExactly(Stage.CURRENT);
    assertThat(set.publish().awaitReclaimed(LIMIT).outcome()).isEqualTo(Receipt.Outcome.UNCHANGED);
  }

  @Test
  void ofTwoStagedSetsOfAPluginTheFirstIsPublishedAndTheSecondIsStale() throws Exception {
    StagedSet second = host.stage(PluginJar.greeter("2.0.0").in(folder));
    StagedSet third = host.stage(PluginJar.greeter("3.0.0").in(folder));
    third.publish().awaitReclaimed(LIMIT);
    assertStale(second);
    assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
    assertThat(stages("greeter")).containsExactly(Stage.CURRENT);
  }

  @Test
  void somethingElseThatWasSwappedMeanwhileDoesNotMatter() throws Exception {
    StagedSet set = host.stage(PluginJar.greeter("2.0.0").in(folder));
    host.swap(clock("1.0.0"));
    set.publish().awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  @Test
  void setIsStaleWhenSomebodyElseHasBeenWiredToWhatItReplaces() {
    host.swap(LibraryJar.library("base", "1.0.0").in(folder));
    StagedSet set = host.stage(LibraryJar.library("base", "1.1.0").in(folder));
    host.swap(LibraryJar.plugin("top", "1.0.0", "base").in(folder));
    assertStale(set);
    assertThat(stages("base")).containsExactly(Stage.CURRENT);
  }

  /** Its plan would be the same again, but it was brought up on a library that has left. */
  @Test
  void setIsStaleWhenTheLibraryItIsWiredToWasReplaced() throws Exception {
    host.swap(LibraryJar.library("base", "1.0.0").in(folder));
    StagedSet set = host.stage(LibraryJar.plugin("top", "1.0.0", "base").in(folder));
    host.swap(LibraryJar.library("base", "1.1.0").in(folder)).awaitReclaimed(LIMIT);
    assertThat(stages("base")).containsExactly(Stage.DRAINED, Stage.CURRENT);
    assertStale(set);
    assertThat(bundles("top")).isEmpty();
    assertThat(stages("base")).containsExactly(Stage.CURRENT); // nothing keeps the old one
  }

  @Test
  void setThatOffersLessByNowIsRefusedAndRemoved() throws Exception {
    StagedSet set = host.stage(PluginJar.greeter("2.0.0").in(folder));
    for (Bundle bundle : bundles("greeter")) {
      if (bundle.getVersion().getMajor() == 2) {
        bundle.stop();
      }
    }
    assertThat(refused(set)).isInstanceOf(Refusal.NoContractService.class);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(bundles("greeter")).hasSize(1);
    assertThat(stages("greeter")).containsExactly(Stage.CURRENT);
  }

  @Test
  void closeOfTheHostTakesAStagedSetAway() throws IOException {
    Leftovers leftovers = new Leftovers();
    StagedSet set = host.stage(PluginJar.greeter("2.0.0").in(folder), clock("2.0.0"));
    host.close();
    assertThat(refused(set)).isInstanceOf(Refusal.Closing.class);
    set.discard();
    set.discard();
    assertThat(files())
        .filteredOn(file -> file.toString().endsWith(".jar"))
        .as("current")
        .hasSize(1);
    leftovers.awaitNoThreads();
  }

  private void assertStale(StagedSet set) {
    Refusal refusal = refused(set);
    assertThat(refusal).isInstanceOf(Refusal.Stale.class);
    assertThat(refusal.why()).isEqualTo("what it was planned against has changed meanwhile");
    assertThat(host.snapshot().plugins())
        .allSatisfy(
            plugin ->
                assertThat(plugin.generations()).noneMatch(live -> live.stage() == Stage.STAGED));
  }

  private static Refusal refused(StagedSet set) {
    SwapRefusedException thrown = catchThrowableOfType(SwapRefusedException.class, set::publish);
    assertThat(thrown).as("the publish was not refused").isNotNull();
    return thrown.refusal();
  }

  private Path clock(String version) {
    return PluginJar.named("clock", version)
        .activator("ClockAndGreeterActivator")
        .classes("OpenGreeter", "LateLoaded", "PluginException")
        .in(folder);
  }

  private List<Bundle> bundles(String name) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .toList();
  }

  private List<Stage> stages(String plugin) {
    return host.snapshot().plugin(plugin).orElseThrow().generations().stream()
        .map(live -> live.stage())
        .toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains("cache"))
          .sorted()
          .toList();
    }
  }
}
