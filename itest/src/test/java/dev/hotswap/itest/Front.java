package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import dev.hotswap.itest.contract.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Where the storm does its deeds to one {@link Region}: each is told to the region's model, done by
 * the host, and compared with the model. Used by one thread at a time.
 */
final class Front {
  static final Duration LIMIT = Duration.ofSeconds(30);

  private final Region region;
  private final Host host;
  private final Tally tally;
  private final RandomGenerator random;
  private final Path folder;
  private final Model model;
  private final StormJars jars;
  private final Visitor operator;
  private final List<Swap> draining = new ArrayList<>();
  private final List<Receipt> refused = new ArrayList<>();
  private Loaders loaders = new Loaders();
  private long builds;

  Front(Region region, Host host, Tally tally, RandomGenerator random, Path folder, Model model) {
    this.region = region;
    this.host = host;
    this.tally = tally;
    this.random = random;
    this.folder = folder;
    this.model = model;
    this.jars = new StormJars(random);
    this.operator = new Visitor(host, model, tally, new Meanwhile());
  }

  Region region() {
    return region;
  }

  Host host() {
    return host;
  }

  Tally tally() {
    return tally;
  }

  Model model() {
    return model;
  }

  RandomGenerator random() {
    return random;
  }

  /** What somebody does behind the host's back. */
  Disturber somebody() {
    return new Disturber(this);
  }

  /** Drains that do not end by themselves. */
  StuckDrains stuck() {
    return new StuckDrains(this);
  }

  boolean oneOfTwo() {
    return random.nextBoolean();
  }

  String anyOf(String... plugins) {
    return plugins[random.nextInt(plugins.length)];
  }

  String nextVersion() {
    return "1.0." + ++builds;
  }

  PluginJar jar(String plugin, String version) {
    return jars.jar(plugin, version);
  }

  private Path file(String plugin, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(plugin + ".jar"), bytes);
  }

  /** All that the region has, in as many swaps as there are plugins that are not wired. */
  void deployAll() throws Exception {
    if (region == Region.FIRST) {
      swap(Region.GREETER, Region.CLOCK);
      swap(Region.OUTER, Region.RELAY);
    } else {
      swap(Region.COUNTER);
      swap(Region.SOLE);
      swap(Region.BASE, Region.LEAF);
      swapStayer();
    }
  }

  void unloadAll() {
    for (int i = region.plugins().size() - 1; i >= 0; i--) {
      unload(region.plugins().get(i));
    }
  }

  /** The plugins answer as the model says, and the host says so too. */
  void requireCurrent() {
    if (region == Region.FIRST) {
      operator.greet();
      operator.tell();
      operator.askOuter();
      seen(host.handle(Greeter.class), Greeter::version, Region.GREETER);
      seen(host.handle(Clock.class), Clock::version, Region.CLOCK);
      seen(host.handle(Told.Relay.class), Told::tell, Region.RELAY);
      seen(host.handle(Told.Outer.class), Told::tell, Region.OUTER);
    } else {
      operator.askLeaf();
      seen(host.handle(Told.Sole.class), Told::tell, Region.SOLE);
      seen(host.handle(Told.Leaf.class), Told::tell, Region.LEAF);
      seen(host.handle(Told.Stayer.class), Told::tell, Region.STAYER);
    }
  }

  private <S> void seen(Handle<S> handle, Function<S, String> tell, String plugin) {
    String told =
        handle.with(
            service -> {
              loaders.add(service);
              return tell.apply(service);
            });
    Stamp[] stamps = Arrays.stream(told.split(" ")).map(Stamp::of).toArray(Stamp[]::new);
    for (Stamp stamp : stamps) {
      if (stamp.number() > 0) { // nobody calls a library through a handle
        tally.returned(stamp);
      }
    }
    Generation current = host.snapshot().plugin(plugin).orElseThrow().current().orElseThrow();
    assertThat(stamps[0].generation()).isEqualTo(current.id());
    for (Stamp stamp : stamps) {
      assertThat(stamp.version()).isEqualTo(model.answering().get(stamp.plugin()));
    }
  }

  void swap(String... plugins) throws Exception {
    swap(SwapOptions.NONE, jar -> jar, plugins);
  }

  /** A swap of one plugin whose jar is made for it. */
  void swap(String plugin, Function<String, PluginJar> made) throws Exception {
    String version = nextVersion();
    Path file = file(plugin, made.apply(version).bytes());
    model.mayAnswer(Map.of(plugin, Optional.of(version)));
    draining.add(host.swap(file));
    model.mustAnswer();
    model.swapped(Map.of(plugin, version));
  }

  /** It moves to the library that is current. */
  void swapStayer() throws Exception {
    String library = model.answering().get(Region.BASE);
    String version = nextVersion();
    Path file = file(Region.STAYER, StormJars.stayer(version, library).bytes());
    model.mayAnswer(
        Map.of(Region.STAYER, Optional.of(version), Region.STAYERS_BASE, Optional.of(library)));
    draining.add(host.swap(file));
    model.mustAnswer();
    model.swapped(Map.of(Region.STAYER, version));
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
    if (versions.containsKey(Region.BASE)) { // brought up once more where it is not in the set
      model.deployed(Region.LEAF).ifPresent(version -> versions.putIfAbsent(Region.LEAF, version));
    }
    model.mayAnswer(published(versions));
    draining.add(host.swap(options, files.toArray(Path[]::new)));
    model.mustAnswer();
    model.swapped(versions);
  }

  /**
   * Swaps a set that does not come to stay: its old generations are published again.
   *
   * @param reversed waits until they are
   */
  void swapAndReverse(SwapOptions options, Runnable reversed, String... plugins) throws Exception {
    Map<String, String> versions = new HashMap<>();
    Map<String, Optional<String>> before = new HashMap<>();
    List<Path> files = new ArrayList<>();
    for (String plugin : plugins) {
      String version = nextVersion();
      versions.put(plugin, version);
      before.put(plugin, Optional.of(model.answering().get(plugin)));
      files.add(file(plugin, jar(plugin, version).bytes()));
    }
    model.turnsBack();
    model.mayAnswer(published(versions));
    model.mayAnswer(before);
    draining.add(host.swap(options, files.toArray(Path[]::new)));
    model.swapped(versions);
    reversed.run();
    model.mustAnswer();
    model.undone(plugins[0]);
    model.turnedBack();
  }

  private static Map<String, Optional<String>> published(Map<String, String> versions) {
    Map<String, Optional<String>> changes = new HashMap<>();
    versions.forEach((plugin, version) -> changes.put(plugin, Optional.of(version)));
    return changes;
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

  private void requireStale(StagedSet set) {
    assertThat(refusalOf(set::publish)).isInstanceOf(Refusal.Stale.class);
  }

  private Refusal refusalOf(ThrowingCallable swap) {
    SwapRefusedException thrown = catchThrowableOfType(SwapRefusedException.class, swap);
    assertThat(thrown).as("nothing was refused").isNotNull();
    thrown.receipt().ifPresent(refused::add);
    return thrown.refusal();
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
    for (String gone : model.missing(region.plugins())) {
      swap(gone); // it was new with that swap; callers wait for it
    }
  }

  void unload(String plugin) {
    model.mayAnswer(Map.of(plugin, Optional.empty()));
    draining.add(host.unload(plugin));
    model.mustAnswer();
    model.unloaded(plugin);
  }

  /** A broken jar, alone or in a set with a good one: nothing changes. */
  void refused(Function<PluginJar, byte[]> breaking) throws Exception {
    String plugin = anyOf(Region.GREETER, Region.CLOCK);
    String other = plugin.equals(Region.GREETER) ? Region.CLOCK : Region.GREETER;
    Path broken =
        file(plugin, breaking.apply(jar(plugin, nextVersion()).without("Service-Component")));
    Path good = file(other, jar(other, nextVersion()).bytes());
    Path[] files = oneOfTwo() ? new Path[] {broken} : new Path[] {good, broken};
    refusalOf(() -> host.swap(files));
  }

  /** A counter that fails when it is its turn: the one before counts on. */
  void refusedHandover(String trouble, boolean inPlace) throws Exception {
    PluginJar jar = StormJars.counter(nextVersion()).header("Test-Trouble", trouble);
    Path broken = file(Region.COUNTER, jar.bytes());
    refusalOf(() -> host.swap(SwapOptions.NONE.withInPlace(inPlace), broken));
  }

  /** One that does not start: the one before is started again, as it was. */
  void refusedSingleton() throws Exception {
    PluginJar jar = jar(Region.SOLE, nextVersion()).activator("ThrowingActivator");
    Path broken = file(Region.SOLE, jar.bytes());
    assertThat(refusalOf(() -> host.swap(broken)).message())
        .contains("was started again and answers");
  }

  /** A library with a dependent that does not start: both stay. */
  void refusedLibrary() throws Exception {
    Path library = file(Region.BASE, jar(Region.BASE, nextVersion()).bytes());
    PluginJar jar = jar(Region.LEAF, nextVersion()).activator("ThrowingActivator");
    Path broken = file(Region.LEAF, jar.bytes());
    refusalOf(() -> host.swap(library, broken));
  }

  /** Waits until all that has left is gone, and gives the receipts of how it left. */
  List<Receipt> seenOff() throws Exception {
    List<Receipt> receipts = new ArrayList<>(refused);
    for (Swap swap : draining) {
      receipts.add(swap.awaitReclaimed(LIMIT));
    }
    draining.clear();
    refused.clear();
    return receipts;
  }

  /** How many class loaders of what has answered are still there. */
  long loaders() {
    return loaders.live();
  }

  /** Begins to look at loaders anew. */
  void forgetLoaders() {
    loaders = new Loaders();
  }
}
