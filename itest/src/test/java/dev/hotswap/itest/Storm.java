package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Counter;
import dev.hotswap.itest.contract.Greeter;
import dev.hotswap.itest.contract.Told;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Plugins and a library, swapped and disturbed at random, in rounds, while threads call them in
 * every way. Each call, each deed and what each round leaves behind is compared with the {@link
 * Model}.
 */
final class Storm implements AutoCloseable {
  static final String GREETER = "greeter";
  static final String CLOCK = "clock";

  /** Keeps its count as state, and so its swaps hold callers. */
  static final String COUNTER = "counter";

  /** The framework allows it once, and so its swaps hold callers; it comes back from the store. */
  static final String SOLE = "sole";

  /** A library. */
  static final String BASE = "base";

  /** Wired to the library, and so brought up once more where that is swapped. */
  static final String LEAF = "leaf";

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Some rollbacks find what they go back to standing by, others come too late for that. */
  private static final Duration STANDBY = Duration.ofMillis(100);

  private static final int DEEDS = 50; // in a round
  private static final int DEPTH = 3; // of the history
  private static final int TOLD = 12; // deeds, in a failure's message

  /** A jar or two that the JDK opens late, a thread or two that it starts. */
  private static final long SLACK = 3;

  private final SplittableRandom random;
  private final Path folder;
  private final Host host;
  private final Model model = new Model(DEPTH);
  private final Tally tally = new Tally();
  private final Visitor operator;
  private final int bundlesAtOpen;
  private final Deque<String> told = new ArrayDeque<>();
  private final List<Swap> draining = new ArrayList<>();
  private Loaders loaders = new Loaders();
  private long deeds;
  private long builds;
  private long disturbances;

  Storm(long seed, Path folder) {
    this.random = new SplittableRandom(seed);
    this.folder = folder;
    this.host =
        Hosts.builder()
            .standby(STANDBY)
            .history(DEPTH)
            .share(Greeter.class, Clock.class, Counter.class, Told.class)
            .base(RealBundles.scr())
            .availability(LIMIT)
            .startLimit(Duration.ofSeconds(2))
            .listener(tally)
            .open();
    this.bundlesAtOpen = host.bundleContext().getBundles().length;
    this.operator = new Visitor(host, model, tally, new Meanwhile());
    Function<String, Long> number = this::newestNumber;
    System.getProperties().put("test.number", number);
  }

  /** Of the generation that starts: no other of that plugin has so high a number. */
  private long newestNumber(String plugin) {
    return host.snapshot().plugin(plugin).orElseThrow().generations().stream()
        .mapToLong(live -> live.generation().number())
        .max()
        .orElseThrow();
  }

  /** Rages for so long, and at least two rounds; the first tells what the later ones may leave. */
  void rage(Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    round();
    Footprint first = Footprint.now();
    do {
      round();
    } while (System.nanoTime() < end);
    Footprint last = Footprint.now();
    assertThat(last.descriptors()).isLessThanOrEqualTo(first.descriptors() + SLACK);
    assertThat(last.threads()).isLessThanOrEqualTo(first.threads() + SLACK);
  }

  /** What it has done so far, and last. */
  String story() {
    return "deeds=%d calls=%d last=%s".formatted(deeds, tally.calls(), told);
  }

  private record Footprint(long descriptors, long threads) {
    static Footprint now() {
      return new Footprint(
          ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
              .getOpenFileDescriptorCount(),
          ManagementFactory.getThreadMXBean().getThreadCount());
    }
  }

  private void round() throws Exception {
    swap(GREETER, CLOCK);
    swap(COUNTER);
    swap(SOLE);
    swap(BASE, LEAF);
    Meanwhile meanwhile = new Meanwhile();
    try (Callers callers = new Callers()) {
      start(callers, meanwhile);
      for (int i = 0; i < DEEDS && callers.failures().isEmpty(); i++) {
        doOne();
      }
      meanwhile.end();
      callers.stop();
      meanwhile.closeAll();
      assertThat(callers.failures()).isEmpty();
    } finally {
      meanwhile.end();
    }
    unload(GREETER);
    unload(CLOCK);
    unload(COUNTER);
    unload(SOLE);
    unload(LEAF);
    unload(BASE);
    requireNothingLeft();
  }

  private void start(Callers callers, Meanwhile meanwhile) {
    callers
        .start("greet", visitor(meanwhile)::greet)
        .start("tell", visitor(meanwhile)::tell)
        .start("proxies", visitor(meanwhile)::proxies)
        .start("nest", visitor(meanwhile)::nest)
        .start("linger", visitor(meanwhile)::linger)
        .start("fail", visitor(meanwhile)::fail)
        .start("lease", visitor(meanwhile)::lease)
        .start("lease-both", visitor(meanwhile)::leaseBoth)
        .start("count", visitor(meanwhile)::count)
        .start("ask-sole", visitor(meanwhile)::askSole)
        .start("ask-leaf", visitor(meanwhile)::askLeaf)
        .start("close", meanwhile::doOne);
  }

  private Visitor visitor(Meanwhile meanwhile) {
    return new Visitor(host, model, tally, meanwhile);
  }

  private void doOne() throws Exception {
    Deed deed = Deed.any(random);
    deeds++;
    told.addLast(deed.name());
    if (told.size() > TOLD) {
      told.removeFirst();
    }
    deed.in(this);
    requireCurrent();
  }

  /** The plugins answer as the model says, and the host says so too. */
  private void requireCurrent() {
    operator.greet();
    operator.tell();
    operator.askLeaf();
    seen(host.handle(Greeter.class), Greeter::version, GREETER);
    seen(host.handle(Clock.class), Clock::version, CLOCK);
    seen(host.handle(Told.Sole.class), Told::tell, SOLE);
    seen(host.handle(Told.Leaf.class), leaf -> leaf.tell().split(" ")[0], LEAF);
    assertThat(tally.withdrawals()).as("bundles that somebody stopped").isEqualTo(disturbances);
  }

  private <S> void seen(Handle<S> handle, Function<S, String> version, String plugin) {
    Stamp stamp =
        handle.with(
            service -> {
              loaders.add(service);
              return Stamp.of(version.apply(service));
            });
    tally.returned(stamp);
    Generation current = host.snapshot().plugin(plugin).orElseThrow().current().orElseThrow();
    assertThat(stamp.generation()).isEqualTo(current.id());
    assertThat(stamp.version()).isEqualTo(model.answering().get(plugin));
  }

  String anyPlugin() {
    return random.nextBoolean() ? GREETER : CLOCK;
  }

  private String nextVersion() {
    return "1.0." + ++builds;
  }

  private PluginJar jar(String plugin, String version) {
    switch (plugin) {
      case COUNTER:
        return counter(version);
      case SOLE:
        return telling(SOLE, version, "Sole")
            .header("Bundle-SymbolicName", SOLE + ";singleton:=true");
      case LEAF:
        return telling(LEAF, version, "Leaf")
            .header(
                "Import-Package",
                "org.osgi.framework,dev.hotswap.itest.contract,dev.hotswap.itest.lib.base");
      case BASE:
        return LibraryJar.library(BASE, version);
      default:
        return stamped(plugin, version);
    }
  }

  private static PluginJar telling(String plugin, String version, String contract) {
    return PluginJar.named(plugin, version)
        .header("Test-Contract", contract)
        .activator("TellingActivator")
        .classes("StampedActivator", "OpenGreeter", "LateLoaded", "PluginException");
  }

  private PluginJar stamped(String plugin, String version) {
    if (plugin.equals(GREETER) && random.nextInt(4) == 0) {
      return component(version);
    }
    return PluginJar.named(plugin, version)
        .header("Test-Contract", plugin.equals(CLOCK) ? "Clock" : "Greeter")
        .activator("StampedActivator")
        .classes("OpenGreeter", "LateLoaded", "PluginException");
  }

  private static PluginJar component(String version) {
    return PluginJar.named(GREETER, version)
        .component("StampedComponent", Greeter.class.getName(), "")
        .classes("StampedActivator", "OpenGreeter", "LateLoaded", "PluginException");
  }

  private static PluginJar counter(String version) {
    return PluginJar.named(COUNTER, version)
        .activator("CountingActivator")
        .classes(
            "CountingActivator$Counting",
            "CountingActivator$Keeper",
            "CountingActivator$Kept",
            "CountingActivator$PluginOwnException",
            "PluginException")
        .header(
            "Import-Package",
            "org.osgi.framework,dev.hotswap.api,dev.hotswap.itest.contract;version=\"[1.2,2)\"")
        .header("Provide-Capability", "dev.hotswap.state");
  }

  private Path file(String plugin, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(plugin + ".jar"), bytes);
  }

  void swap(String... plugins) throws Exception {
    swap(SwapOptions.NONE, jar -> jar, plugins);
  }

  void swap(SwapOptions options, UnaryOperator<PluginJar> variant, String... plugins)
      throws Exception {
    Map<String, String> versions = new HashMap<>();
    List<Path> files = new ArrayList<>();
    for (String plugin : plugins) {
      String version = nextVersion();
      versions.put(plugin, version);
      files.add(file(plugin, variant.apply(jar(plugin, version)).bytes()));
    }
    Map<String, Optional<String>> changes = new HashMap<>();
    versions.forEach((plugin, version) -> changes.put(plugin, Optional.of(version)));
    if (versions.containsKey(BASE)) { // brought up once more where it is not in the set itself
      Optional.ofNullable(model.answering().get(LEAF))
          .ifPresent(version -> versions.putIfAbsent(LEAF, version));
    }
    model.mayAnswer(changes);
    draining.add(host.swap(options, files.toArray(Path[]::new)));
    model.mustAnswer();
    model.swapped(versions);
  }

  /** Other plugins may be swapped while a set waits; its own makes it stale. */
  void stageAndPublish(String plugin, Optional<String> meanwhile) throws Exception {
    String version = nextVersion();
    StagedSet set = host.stage(file(plugin, jar(plugin, version).bytes()));
    requireCurrent();
    if (meanwhile.isPresent()) {
      swap(meanwhile.get());
    }
    if (meanwhile.filter(plugin::equals).isPresent()) {
      requireStale(set);
      return;
    }
    model.mayAnswer(Map.of(plugin, Optional.of(version)));
    draining.add(set.publish());
    model.mustAnswer();
    model.swapped(Map.of(plugin, version));
  }

  void stageAndDiscard(String... plugins) throws Exception {
    List<Path> files = new ArrayList<>();
    for (String plugin : plugins) {
      files.add(file(plugin, jar(plugin, nextVersion()).bytes()));
    }
    StagedSet set = host.stage(files.toArray(Path[]::new));
    set.discard();
    requireStale(set);
  }

  private static void requireStale(StagedSet set) {
    assertThatThrownBy(set::publish)
        .isInstanceOfSatisfying(
            SwapRefusedException.class,
            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Stale.class));
  }

  void rollBack(String plugin) throws Exception {
    Optional<Map<String, Optional<String>>> back = model.back(plugin);
    if (back.isEmpty()) {
      assertThatThrownBy(() -> host.rollback(plugin)).isInstanceOf(SwapRefusedException.class);
      return;
    }
    model.mayAnswer(back.get());
    draining.add(host.rollback(plugin));
    model.mustAnswer();
    model.rolledBack(plugin);
    for (String gone : model.missing(Set.of(GREETER, CLOCK))) {
      swap(gone); // it was new with that swap; callers wait for it
    }
  }

  void unload(String plugin) {
    model.mayAnswer(Map.of(plugin, Optional.empty()));
    draining.add(host.unload(plugin));
    model.mustAnswer();
    model.unloaded(plugin);
  }

  void stopAndStart(String plugin) throws Exception {
    String version = model.answering().get(plugin);
    Bundle bundle = bundle(plugin);
    disturbances++;
    model.mayAnswer(Map.of(plugin, Optional.empty()));
    bundle.stop();
    model.mustAnswer();
    model.mayAnswer(Map.of(plugin, Optional.of(version)));
    bundle.start();
    model.mustAnswer();
  }

  void update(String plugin) throws Exception {
    String version = nextVersion();
    Bundle bundle = bundle(plugin);
    disturbances++;
    model.mayAnswer(Map.of(plugin, Optional.empty()));
    model.mayAnswer(Map.of(plugin, Optional.of(version)));
    bundle.update(new ByteArrayInputStream(jar(plugin, version).bytes()));
    model.mustAnswer();
  }

  void refresh(String plugin) throws Exception {
    String version = model.answering().get(plugin);
    CountDownLatch refreshed = new CountDownLatch(1);
    disturbances++;
    model.mayAnswer(Map.of(plugin, Optional.empty()));
    model.mayAnswer(Map.of(plugin, Optional.of(version)));
    host.bundleContext()
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(List.of(bundle(plugin)), event -> refreshed.countDown());
    assertThat(refreshed.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    model.mustAnswer();
  }

  void uninstallAndDeploy(String plugin) throws Exception {
    Bundle bundle = bundle(plugin);
    tally.isUninstalled(host.snapshot().plugin(plugin).orElseThrow().current().orElseThrow().id());
    disturbances++;
    model.mayAnswer(Map.of(plugin, Optional.empty()));
    bundle.uninstall();
    model.mustAnswer();
    model.unloaded(plugin);
    swap(plugin);
  }

  /** The bundle of the generation that is current, not of one that still drains or stands by. */
  private Bundle bundle(String plugin) {
    Class<?> contract = plugin.equals(GREETER) ? Greeter.class : Clock.class;
    try (Lease<?> lease = host.handle(contract).lease()) {
      tally.returned(Stamp.of(lease.generation()));
      return FrameworkUtil.getBundle(lease.service().getClass());
    }
  }

  /** A broken jar, alone or in a set with a good one: nothing changes. */
  void refused(Function<PluginJar, byte[]> breaking) throws Exception {
    String plugin = anyPlugin();
    String other = plugin.equals(GREETER) ? CLOCK : GREETER;
    Path broken =
        file(plugin, breaking.apply(jar(plugin, nextVersion()).without("Service-Component")));
    Path good = file(other, jar(other, nextVersion()).bytes());
    Path[] files = random.nextBoolean() ? new Path[] {broken} : new Path[] {good, broken};
    assertThatThrownBy(() -> host.swap(files))
        .as("the swap of %s", Arrays.toString(files))
        .isInstanceOf(SwapRefusedException.class);
  }

  /** A counter that fails when it is its turn: the one before counts on. */
  void refusedHandover(String trouble, boolean inPlace) throws Exception {
    Path broken = file(COUNTER, counter(nextVersion()).header("Test-Trouble", trouble).bytes());
    assertThatThrownBy(() -> host.swap(SwapOptions.NONE.withInPlace(inPlace), broken))
        .as("the swap of a counter that %s", trouble)
        .isInstanceOf(SwapRefusedException.class);
  }

  /** One that does not start: the old bytes come back, as another generation. */
  void refusedSingleton() throws Exception {
    Path broken = file(SOLE, jar(SOLE, nextVersion()).activator("ThrowingActivator").bytes());
    assertThatThrownBy(() -> host.swap(broken))
        .as("the swap of a singleton that throws")
        .isInstanceOf(SwapRefusedException.class)
        .hasMessageContaining("was started again and answers");
    model.cameBack(SOLE);
  }

  /** A library with a dependent that does not start: both stay. */
  void refusedLibrary() throws Exception {
    Path library = file(BASE, jar(BASE, nextVersion()).bytes());
    Path broken = file(LEAF, jar(LEAF, nextVersion()).activator("ThrowingActivator").bytes());
    assertThatThrownBy(() -> host.swap(library, broken))
        .as("the swap of a library whose dependent throws")
        .isInstanceOf(SwapRefusedException.class);
  }

  boolean oneOfTwo() {
    return random.nextBoolean();
  }

  private void requireNothingLeft() throws Exception {
    for (Swap swap : draining) {
      swap.awaitReclaimed(LIMIT);
    }
    draining.clear();
    assertThat(tally.settle()).as("calls by generation").isEmpty();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(host.snapshot().plugins()).isEmpty());
    assertThat(host.bundleContext().getBundles()).hasSize(bundlesAtOpen);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(loaders.live()).isZero());
    loaders = new Loaders();
  }

  @Override
  public void close() {
    try {
      host.close();
    } finally {
      System.getProperties().remove("test.number");
    }
  }
}
