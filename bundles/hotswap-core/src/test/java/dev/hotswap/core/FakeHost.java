package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Swaps on a framework without bundles: each plugin offers its generation's name. */
final class FakeHost implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(10);

  final World world = new World(Duration.ofMillis(20));
  final Handle<Named> named = world.handle(Named.class);
  final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  final List<LiveGeneration> started = new CopyOnWriteArrayList<>();
  final FakeInstaller installer;
  final PluginSwapper swapper;
  volatile Consumer<LiveGeneration> start = this::offer;
  private final AtomicLong serviceIds = new AtomicLong();
  private final Path folder;
  private final ContentStore content;
  private final Path store;

  /** The contract. */
  interface Named {
    String name();
  }

  /**
   * @param folder an empty one
   * @param settings changes those that a test would wait for
   */
  FakeHost(Path folder, UnaryOperator<SwapSettings> settings) {
    this(folder, settings, new ContentStore(folder.resolve("store")));
  }

  /** One that goes on where another on the same folder has ended. */
  static FakeHost on(Path folder, Disk disk) throws IOException {
    return on(folder, disk, start -> start);
  }

  /**
   * As {@link #on(Path, Disk)}.
   *
   * @param startLimit one that a test would wait for
   */
  static FakeHost on(Path folder, Disk disk, Duration startLimit) throws IOException {
    return on(folder, disk, start -> start, settings -> settings.withStartLimit(startLimit));
  }

  /**
   * As {@link #on(Path, Disk)}.
   *
   * @param start what becomes of the starts of what is brought up
   */
  static FakeHost on(Path folder, Disk disk, UnaryOperator<Consumer<LiveGeneration>> start)
      throws IOException {
    return on(folder, disk, start, settings -> settings);
  }

  private static FakeHost on(
      Path folder,
      Disk disk,
      UnaryOperator<Consumer<LiveGeneration>> start,
      UnaryOperator<SwapSettings> changed)
      throws IOException {
    Journal journal = Journal.open(folder.resolve("journal"), disk);
    ContentStore store = new ContentStore(folder.resolve("store"), disk, journal);
    UnaryOperator<SwapSettings> settings = usual -> changed.apply(usual.withHistory(2));
    FakeHost host = new FakeHost(folder, settings, store);
    host.start = start.apply(host.start);
    host.swapper.restore(2);
    return host;
  }

  private FakeHost(Path folder, UnaryOperator<SwapSettings> settings, ContentStore content) {
    this.folder = folder;
    this.content = content;
    this.installer =
        new FakeInstaller(
            generation -> {
              started.add(generation);
              start.accept(generation);
            });
    SwapSettings usual =
        SwapSettings.DEFAULT
            .withAvailability(LIMIT) // what a handover has; callers give up sooner
            .withStartLimit(Duration.ofSeconds(5))
            .withDrainDeadline(LIMIT)
            .withStandby(Duration.ZERO);
    this.store = folder.resolve("store");
    this.swapper =
        new PluginSwapper(world, installer, content, settings.apply(usual), InstantSource.system());
    swapper.subscribe(events::add);
  }

  void offer(LiveGeneration generation) {
    Generation which = generation.generation();
    ServiceRank rank = new ServiceRank(0, serviceIds.incrementAndGet());
    world.offer(generation, Named.class, new NamedBy(which.id()), rank);
  }

  private record NamedBy(String name) implements Named {}

  /** The generation that answers. */
  String name() {
    return named.with(Named::name);
  }

  Path jar(String plugin, String version) {
    try {
      Path file = folder.resolve(plugin + "-" + version + ".jar");
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
      manifest.getMainAttributes().putValue("Bundle-SymbolicName", plugin);
      manifest.getMainAttributes().putValue("Bundle-Version", version);
      new JarOutputStream(Files.newOutputStream(file), manifest).close();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why it is refused. */
  Refusal refusalOf(Runnable request) {
    try {
      request.run();
    } catch (SwapRefusedException e) {
      return e.refusal();
    }
    throw new AssertionError("it was not refused");
  }

  List<Stage> stages(String plugin) {
    return swapper.snapshot().plugin(plugin).stream()
        .flatMap(of -> of.generations().stream())
        .map(live -> live.stage())
        .toList();
  }

  /** The names of the files that hold bytes. */
  List<String> stored() {
    try (Stream<Path> files = Files.list(store)) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    swapper.close();
    try {
      content.discardUnnamed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
