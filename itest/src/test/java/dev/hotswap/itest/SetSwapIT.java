package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Plugins and libraries that are swapped together, and with them those that are wired to them; all
 * others are left alone.
 */
@Timeout(60)
class SetSwapIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LEAVING = BundleEvent.STOPPED | BundleEvent.UNINSTALLED;

  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private Host host;
  private Handle<Greeter> greeter;

  private void open(Duration standby, Path... base) {
    host =
        Hosts.builder()
            .standby(standby)
            .share(Greeter.class, Clock.class)
            .base(base)
            .startLimit(Duration.ofSeconds(5))
            .availability(Duration.ofMillis(50))
            .listener(events::add)
            .open();
    greeter = host.handle(Greeter.class);
  }

  private void open() {
    open(Duration.ZERO);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void chainOfLibrariesIsBroughtUpOnceMoreAndNobodyElseIsBounced() throws Exception {
    open();
    host.swap(library("base", "1.0.0"));
    host.swap(library("left", "1.0.0", "base [1,2)"));
    host.swap(library("upper", "1.0.0", "left"));
    host.swap(plugin("top", "1.0.0", "upper"));
    host.swap(library("right", "1.0.0"));
    host.swap(clock("1.0.0"));
    assertThat(said()).isEqualTo("1.0.0: upper 1.0.0 on left 1.0.0 on base 1.0.0");
    List<WeakReference<ClassLoader>> olds = loaders("base", "left", "upper", "top");
    Bystanders bystanders =
        new Bystanders(host.bundleContext(), bundle("right"), bundle("clock"), bundle("system"));
    try (Callers callers = new Callers()) {
      callers.start("with", () -> greeter.with(Greeter::version));
      callers.start("bystander", () -> host.handle(Clock.class).with(Clock::version));
      Receipt receipt = host.swap(library("base", "1.1.0")).awaitReclaimed(LIMIT);
      assertThat(names(receipt)).containsExactly("base", "left", "upper", "top");
      assertThat(said()).isEqualTo("1.0.0: upper 1.0.0 on left 1.0.0 on base 1.1.0");
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(bystanders.events()).isEmpty();
    assertThat(bundles("base", "left", "upper", "top")).hasSize(4);
    awaitCollected(olds);
  }

  @Test
  void oldGenerationsLeaveDependentsFirstEachStoppedBeforeItIsUninstalled() throws Exception {
    open();
    host.swap(library("base", "1.0.0"));
    host.swap(library("left", "1.0.0", "base [1,2)"));
    host.swap(plugin("top", "1.0.0", "left"));
    List<Bundle> olds = bundles("base", "left", "top");
    List<String> left = new CopyOnWriteArrayList<>();
    host.bundleContext()
        .addBundleListener(
            (SynchronousBundleListener)
                event -> {
                  boolean leaves = (event.getType() & LEAVING) != 0;
                  if (leaves && olds.contains(event.getBundle())) {
                    left.add(event.getBundle().getSymbolicName() + ' ' + event.getType());
                  }
                });

    host.swap(library("base", "1.1.0")).awaitReclaimed(LIMIT);

    List<String> order = new ArrayList<>();
    for (String name : List.of("top", "left", "base")) {
      order.add(name + ' ' + BundleEvent.STOPPED);
      order.add(name + ' ' + BundleEvent.UNINSTALLED);
    }
    assertThat(left).isEqualTo(order);
  }

  @Test
  void bothSidesOfADiamondMoveTogether() throws Exception {
    open();
    deployDiamond(plugin("top", "1.0.0", "left", "right"));
    List<WeakReference<ClassLoader>> olds = loaders("base", "left", "right", "top");
    try (Callers callers = new Callers()) {
      callers.start(
          "diamond",
          () -> {
            String said = said();
            if (said.contains("base 1.0.0") == said.contains("base 1.1.0")) {
              throw new IllegalStateException("both bases: " + said);
            }
          });
      host.swap(library("base", "1.1.0")).awaitReclaimed(LIMIT);
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(said()).isEqualTo("1.0.0: left 1.0.0 on base 1.1.0, right 1.0.0 on base 1.1.0");
    awaitCollected(olds);
  }

  @Test
  void twoPluginsOnOneLibraryMoveTogether() throws Exception {
    open();
    host.swap(library("base", "1.0.0"));
    host.swap(plugin("first", "1.0.0", "base"));
    host.swap(plugin("second", "2.0.0", "base"));
    List<WeakReference<ClassLoader>> olds = loaders("base", "first", "second");
    host.swap(library("base", "1.1.0")).awaitReclaimed(LIMIT);
    assertThat(host.handles(Greeter.class).withEach(Greeter::version))
        .containsExactly("1.0.0: base 1.1.0", "2.0.0: base 1.1.0");
    awaitCollected(olds);
  }

  /** The next one resolves beside it, so that those who are wired to it can be brought up too. */
  @Test
  void singletonIsSwappedTogetherWithThoseWhoAreWiredToIt() throws Exception {
    host =
        Hosts.builder()
            .standby(Duration.ofMinutes(1))
            .share(Greeter.class)
            .availability(LIMIT)
            .open();
    greeter = host.handle(Greeter.class);
    host.swap(singletonLibrary("1.0.0"));
    host.swap(singletonOn("1.0.0"));
    host.swap(plugin("top", "1.0.0", "left"));
    try (Callers callers = new Callers()) {
      callers.start("with", () -> greeter.with(Greeter::version));

      Plan plan = host.plan(singletonOn("1.1.0"));
      Receipt receipt = host.swap(singletonOn("1.1.0")).awaitReclaimed(LIMIT);

      assertThat(plan.isFeasible()).isTrue();
      assertThat(receipt.plan()).contains(plan);
      assertThat(receipt.mode()).isEqualTo(Mode.ONE_AFTER_THE_OTHER);
      assertThat(names(receipt)).containsExactly("left", "top");
      assertThat(all()).containsExactly("1.1.0: base 1.0.0", "1.0.0: left 1.1.0 on base 1.0.0");
      host.swap(singletonLibrary("1.1.0")).awaitReclaimed(LIMIT);
      assertThat(all()).containsExactly("1.1.0: base 1.1.0", "1.0.0: left 1.1.0 on base 1.1.0");
      host.rollback("base");
      host.rollback("left").awaitReclaimed(LIMIT);
      assertThat(all()).containsExactly("1.0.0: base 1.0.0", "1.0.0: left 1.0.0 on base 1.0.0");
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
  }

  /**
   * Its bundle is uninstalled by then, and resolved as long as the one that stays is wired to it.
   */
  @Test
  void singletonIsSwappedOnWhileOneStaysOnItsOldClasses() throws Exception {
    open();
    host.swap(singletonLibrary("1.0.0"));
    host.swap(plugin("left", "1.0.0", "base [1,1.1)"));
    for (String next : List.of("1.1.0", "1.2.0", "1.3.0")) {
      host.swap(singletonLibrary(next));

      assertThat(all()).containsExactly("1.0.0: base 1.0.0");
    }
    host.swap(plugin("left", "1.1.0", "base [1.3,2)")).awaitReclaimed(LIMIT);
    assertThat(all()).containsExactly("1.1.0: base 1.3.0");
  }

  private List<String> all() {
    return host.handles(Greeter.class).withEach(Greeter::version);
  }

  private Path singletonLibrary(String version) {
    return LibraryJar.library("base", version)
        .header("Bundle-SymbolicName", "base;singleton:=true")
        .in(folder);
  }

  /** A plugin that others use the package of. */
  private Path singletonOn(String version) {
    return LibraryJar.plugin("left", version, "base")
        .header("Bundle-SymbolicName", "left;singleton:=true")
        .header("Export-Package", "dev.hotswap.itest.lib.left;version=\"" + version + '"')
        .type(LibraryJar.type("left"))
        .in(folder);
  }

  @Test
  void requiredBundleIsReplacedUnderThoseWhoRequireIt() throws Exception {
    open();
    host.swap(library("base", "1.0.0"));
    host.swap(
        LibraryJar.plugin("top", "1.0.0", "base")
            .header("Import-Package", "org.osgi.framework,dev.hotswap.itest.contract")
            .header("Require-Bundle", "base;bundle-version=\"[1,2)\"")
            .in(folder));
    assertThat(host.plan(library("base", "1.1.0")).members())
        .last()
        .satisfies(
            top -> assertThat(top.because()).isEqualTo("wired to base by bundle base [1,2)"));
    List<WeakReference<ClassLoader>> olds = loaders("base", "top");
    host.swap(library("base", "1.1.0")).awaitReclaimed(LIMIT);
    assertThat(said()).isEqualTo("1.0.0: base 1.1.0");
    awaitCollected(olds);
  }

  @Test
  void genericCapabilityIsAWireToo() throws Exception {
    open();
    host.swap(engine("1.0.0", "4"));
    host.swap(
        PluginJar.greeter("1.0.0")
            .header("Require-Capability", "itest.engine;filter:=\"(cylinders>=4)\"")
            .in(folder));
    String because = "wired to engine by capability itest.engine (cylinders>=4)";
    Plan plan = host.plan(engine("2.0.0", "6"));
    assertThat(plan.members()).last().extracting(Plan.Member::because).isEqualTo(because);
    assertThat(plan.toString()).contains(because);
    assertThat(names(host.swap(engine("2.0.0", "6")).awaitReclaimed(LIMIT)))
        .containsExactly("engine", "greeter");
    assertThat(providers("greeter")).contains("engine 2.0.0");
    assertThat(names(host.swap(engine("3.0.0", "2")).awaitReclaimed(LIMIT)))
        .containsExactly("engine");
    assertThat(providers("greeter")).contains("engine 2.0.0");
  }

  @Test
  void fragmentIsSwappedWithItsHostAndTheHostWithItsFragment() throws Exception {
    open();
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    for (String version : List.of("1.0.0", "2.0.0")) {
      List<WeakReference<ClassLoader>> olds = loaders("greeter");
      host.swap(fragment(version)).awaitReclaimed(LIMIT);
      assertThat(bundle("greeter").getResource("words.txt")).isNotNull();
      assertThat(fragments("greeter")).containsExactly("words " + version);
      awaitCollected(olds);
    }
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    assertThat(said()).isEqualTo("2.0.0");
    assertThat(fragments("greeter")).containsExactly("words 2.0.0");
    assertThat(bundles("greeter", "words")).hasSize(2);
    // the old fragment and the old host keep each other until the second of them has left
    assertThat(stages("words")).containsExactly(Stage.CURRENT);
    assertThat(events).last().isInstanceOf(SwapEvent.Reclaimed.class);
  }

  /** What others import from a fragment they are wired to its host for. */
  @Test
  void packageOfAFragmentComesAlongWithItsHost() throws Exception {
    open();
    Path second = LibraryJar.plugin("second", "1.0.0", "base").in(folder);
    host.swap(
        PluginJar.named("first", "1.0.0")
            .activator("ClockAndGreeterActivator")
            .classes("OpenGreeter", "LateLoaded", "PluginException")
            .in(folder));
    host.swap(
        LibraryJar.library("base", "1.0.0").header("Fragment-Host", "first").in(folder), second);
    assertThat(host.handles(Greeter.class).withEach(Greeter::version))
        .containsExactly("1.0.0", "1.0.0: base 1.0.0");
    Receipt receipt =
        host.swap(
                PluginJar.named("first", "2.0.0")
                    .activator("ClockAndGreeterActivator")
                    .classes("OpenGreeter", "LateLoaded", "PluginException")
                    .in(folder))
            .awaitReclaimed(LIMIT);
    assertThat(names(receipt)).containsExactlyInAnyOrder("first", "base", "second");
    assertThat(host.handles(Greeter.class).withEach(Greeter::version))
        .containsExactly("2.0.0", "1.0.0: base 2.0.0"); // a fragment's classes are its host's
  }

  @Test
  void componentsOfTwoBundlesMoveWithTheLibraryOfOne() throws Exception {
    open(Duration.ZERO, RealBundles.scr());
    host.swap(library("base", "1.0.0"));
    host.swap(componentClock());
    host.swap(componentGreeter());
    assertThat(said()).isEqualTo("1.0.0 late at 1.0.0 late");
    List<WeakReference<ClassLoader>> olds = loaders("base", "clock");
    Bystanders bystanders =
        new Bystanders(host.bundleContext(), bundle("greeter"), bundle("org.apache.felix.scr"));
    try (Callers callers = new Callers()) {
      callers.start("with", this::said);
      Receipt receipt = host.swap(library("base", "1.1.0")).awaitReclaimed(LIMIT);
      assertThat(names(receipt)).containsExactly("base", "clock");
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(said()).isEqualTo("1.0.0 late at 1.0.0 late");
    assertThat(bystanders.events()).isEmpty();
    awaitCollected(olds);
  }

  @Test
  void whoExcludesTheNewLibraryStaysAndTheOldOneLeavesWithTheLastOfThem() throws Exception {
    open();
    host.swap(library("base", "1.0.0"));
    host.swap(plugin("first", "1.0.0", "base [1,2)"));
    host.swap(plugin("second", "1.0.0", "base [1,2)"));
    Bystanders staying = new Bystanders(host.bundleContext(), bundle("first"), bundle("second"));
    List<WeakReference<ClassLoader>> old = loaders("base");

    Receipt receipt = host.swap(library("base", "2.0.0")).awaitReclaimed(LIMIT);
    assertThat(names(receipt)).containsExactly("base");
    assertThat(receipt.retirement().orElseThrow().keptBy())
        .containsExactly("first 1.0.0", "second 1.0.0");
    assertThat(staying.events()).isEmpty();
    assertThat(said()).isEqualTo("1.0.0: base 1.0.0");

    host.swap(plugin("first", "2.0.0", "base [2,3)")).awaitReclaimed(LIMIT);
    assertThat(stages("base")).containsExactly(Stage.DRAINED, Stage.CURRENT);
    host.unload("second").awaitReclaimed(LIMIT);
    assertThat(stages("base")).containsExactly(Stage.CURRENT);
    assertThat(said()).isEqualTo("2.0.0: base 2.0.0");
    awaitCollected(old);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resolve", "start", "service"})
  void setWithOneBrokenPluginLeavesNothingOfItself(String how) throws Exception {
    open();
    host.swap(library("base", "1.0.0"));
    host.swap(plugin("top", "1.0.0", "base"));
    host.swap(clock("1.0.0"));
    String before = deployed();
    Bystanders running =
        new Bystanders(host.bundleContext(), bundle("base"), bundle("top"), bundle("clock"));
    try (Callers callers = new Callers()) {
      callers.start("with", this::said);
      SwapRefusedException thrown =
          catchThrowableOfType(
              SwapRefusedException.class,
              () -> host.swap(library("base", "1.1.0"), clock("2.0.0"), broken(how)));
      assertThat(thrown).as("the swap was not refused").isNotNull();
      assertThat(thrown.refusal().what()).isEqualTo("broken 1.0.0");
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(said()).isEqualTo("1.0.0: base 1.0.0");
    assertThat(deployed()).isEqualTo(before);
    assertThat(bundles("base", "top", "clock", "broken")).hasSize(3);
    assertThat(running.events()).isEmpty();
    host.swap(library("base", "1.1.0")).awaitReclaimed(LIMIT); // nothing is in the way
    assertThat(said()).isEqualTo("1.0.0: base 1.1.0");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rollbackTakesTheWholeSetBackAlsoWhatWasNewInIt(boolean standby) throws Exception {
    open(standby ? Duration.ofMinutes(10) : Duration.ZERO);
    host.swap(library("base", "1.0.0"));
    host.swap(plugin("top", "1.0.0", "base"));
    host.swap(library("base", "1.1.0"), plugin("extra", "1.0.0", "base"), clock("1.0.0"))
        .awaitReclaimed(LIMIT);
    assertThat(host.handles(Greeter.class).withEach(Greeter::version))
        .containsExactly("1.0.0: base 1.1.0", "1.0.0: base 1.1.0");
    List<Bundle> there = bundles("top");

    Swap back = host.rollback("top");

    assertThat(back.receipt().outcome()).isEqualTo(Receipt.Outcome.ROLLED_BACK);
    assertThat(host.handles(Greeter.class).withEach(Greeter::version))
        .containsExactly("1.0.0: base 1.0.0");
    assertThat(there.contains(topOnFirstBase())).isEqualTo(standby);
    assertThat(names(back.awaitReclaimed(LIMIT)))
        .containsExactlyInAnyOrder("base", "top", "extra", "clock");
    assertThat(host.snapshot().plugin("extra")).isEmpty();
    assertThat(host.snapshot().plugin("clock")).isEmpty();
    assertThat(bundles("extra", "clock")).isEmpty();
  }

  /** Restarting what stands by would leave the newcomer on the library that is undone. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rollbackOfALibraryTakesThoseAlongWhoCameAfterTheSwap(boolean standby) throws Exception {
    open(standby ? Duration.ofMinutes(10) : Duration.ZERO);
    host.swap(library("base", "1.0.0"));
    host.swap(library("base", "1.1.0")).awaitReclaimed(LIMIT);
    host.swap(plugin("top", "1.0.0", "base [1,2)")).awaitReclaimed(LIMIT);
    assertThat(names(host.rollback("base").awaitReclaimed(LIMIT))).containsExactly("base", "top");
    assertThat(said()).isEqualTo("1.0.0: base 1.0.0");
  }

  @Test
  void rollbackIsRefusedWhenOneOfTheSetWasSwappedSince() throws Exception {
    open(Duration.ofMinutes(10));
    host.swap(clock("1.0.0"), plain("1.0.0"));
    host.swap(clock("2.0.0"), plain("2.0.0")).awaitReclaimed(LIMIT);
    host.swap(clock("3.0.0")).awaitReclaimed(LIMIT);
    Refusal refusal =
        catchThrowableOfType(SwapRefusedException.class, () -> host.rollback("greeter")).refusal();
    assertThat(refusal).isInstanceOf(Refusal.NoWayBack.class);
    assertThat(refusal.message())
        .contains("clock, which was swapped together with it, has been changed since")
        .contains("generation 2 (2.0.0) stays current");
    host.rollback("clock").awaitReclaimed(LIMIT);
    host.rollback("greeter").awaitReclaimed(LIMIT); // nothing is in the way any more
    assertThat(host.handle(Clock.class).with(Clock::version)).isEqualTo("1.0.0");
    assertThat(stages("greeter")).containsExactly(Stage.CURRENT);
  }

  private void deployDiamond(Path top) {
    host.swap(
        top,
        library("right", "1.0.0", "base"),
        library("left", "1.0.0", "base"),
        library("base", "1.0.0"));
  }

  private Path library(String name, String version, String... imports) {
    return LibraryJar.library(name, version, imports).in(folder);
  }

  private Path plugin(String name, String version, String... imports) {
    return LibraryJar.plugin(name, version, imports).in(folder);
  }

  private Path plain(String version) {
    return PluginJar.greeter(version).in(folder);
  }

  private Path clock(String version) {
    return PluginJar.named("clock", version).activator("ClockActivator").in(folder);
  }

  private Path componentClock() {
    return PluginJar.named("clock", "1.0.0")
        .header(
            "Import-Package",
            "org.osgi.framework,dev.hotswap.itest.contract,dev.hotswap.itest.lib.base")
        .component("ComponentClock", Clock.class.getName(), "")
        .classes("LateLoaded")
        .in(folder);
  }

  private Path componentGreeter() {
    return PluginJar.named("greeter", "1.0.0")
        .component(
            "ClockedGreeter",
            Greeter.class.getName(),
            "<reference name='Clock' interface='%s' bind='setClock' unbind='unsetClock'/>"
                .formatted(Clock.class.getName()))
        .classes("ComponentGreeter", "OpenGreeter", "LateLoaded", "PluginException")
        .in(folder);
  }

  private Path engine(String version, String cylinders) {
    return LibraryJar.library("base", version)
        .header("Bundle-SymbolicName", "engine")
        .header("Provide-Capability", "itest.engine;cylinders:Long=" + cylinders)
        .in(folder);
  }

  private Path fragment(String version) {
    return PluginJar.named("words", version)
        .without("Import-Package")
        .header("Fragment-Host", "greeter")
        .text("words.txt", version)
        .in(folder);
  }

  private Path broken(String how) {
    PluginJar jar = PluginJar.named("broken", "1.0.0").classes("PluginException");
    return switch (how) {
      case "resolve" -> jar.header("Import-Package", "com.acme.absent").in(folder);
      case "start" -> jar.activator("ThrowingActivator").in(folder);
      default -> jar.activator("IdleActivator").in(folder);
    };
  }

  private String deployed() {
    return host.snapshot().plugins().stream()
        .flatMap(plugin -> plugin.generations().stream())
        .map(live -> live.generation() + " " + live.stage())
        .toList()
        .toString();
  }

  private String said() {
    return greeter.with(Greeter::version);
  }

  private static List<String> names(Receipt receipt) {
    return receipt.changes().stream().map(Receipt.Change::plugin).toList();
  }

  private Bundle bundle(String name) {
    return name.equals("system")
        ? host.bundleContext().getBundle(Constants.SYSTEM_BUNDLE_ID)
        : bundles(name).get(0);
  }

  /** The running one on the first library. */
  private Bundle topOnFirstBase() {
    return bundles("top").stream()
        .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
        .filter(bundle -> providersOf(bundle).contains("base 1.0.0"))
        .findFirst()
        .orElseThrow();
  }

  private List<Bundle> bundles(String... names) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(bundle -> List.of(names).contains(bundle.getSymbolicName()))
        .toList();
  }

  private List<Stage> stages(String plugin) {
    return host.snapshot().plugin(plugin).orElseThrow().generations().stream()
        .map(live -> live.stage())
        .toList();
  }

  private List<String> providers(String name) {
    return providersOf(bundle(name));
  }

  /** None of one that has just been uninstalled. */
  private static List<String> providersOf(Bundle bundle) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    List<BundleWire> wires = wiring == null ? null : wiring.getRequiredWires(null);
    return Optional.ofNullable(wires).orElse(List.of()).stream()
        .map(wire -> wire.getProvider().getBundle())
        .map(SetSwapIT::label)
        .toList();
  }

  private List<String> fragments(String name) {
    List<String> fragments = new ArrayList<>();
    for (BundleWire wire :
        bundle(name).adapt(BundleWiring.class).getProvidedWires("osgi.wiring.host")) {
      fragments.add(label(wire.getRequirer().getBundle()));
    }
    return fragments;
  }

  private static String label(Bundle bundle) {
    return bundle.getSymbolicName() + ' ' + bundle.getVersion();
  }

  private List<WeakReference<ClassLoader>> loaders(String... names) {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (Bundle bundle : bundles(names)) {
      loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    }
    assertThat(loaders).hasSize(names.length);
    return loaders;
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
}
