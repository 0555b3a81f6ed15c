package dev.hotswap.bench;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Swap;
import dev.hotswap.bench.contract.Rules;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A host whose rules are swapped, each version from a jar of its own. For one thread at a time. */
final class SwappedRules implements AutoCloseable {
  static final String PLUGIN = "bench.rules";

  /**
   * Until what runs once a swap is compiled to the end, and costs no less any more. HotSpot asks
   * for 5,000 runs (Tier4InvocationThreshold), and then has some thousand such methods to compile,
   * with one thread on a machine of two processors.
   */
  static final int SWAPS_TO_WARM_UP = 25_000;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path folder;
  private final Host host = Host.builder().standby(Duration.ZERO).share(Rules.class).open();
  private final Handle<Rules> handle = host.handle(Rules.class);
  private int version;

  /**
   * @param folder where the jars are written to
   */
  SwappedRules(Path folder) {
    this.folder = folder;
  }

  Host host() {
    return host;
  }

  Handle<Rules> handle() {
    return handle;
  }

  /** What the rules of the newest jar answer. */
  String version() {
    return version + ".0.0";
  }

  Path nextJar() throws IOException {
    version++;
    return PluginJar.write(folder, PLUGIN, version);
  }

  /** Of a plugin that warms up. */
  Path nextWarmJar() throws IOException {
    version++;
    return PluginJar.warm(folder, PLUGIN, version);
  }

  /** A swap to the next version; {@link #swap(Path)} says what is timed. */
  long swap() throws Exception {
    return swap(nextJar());
  }

  /**
   * From the jar in hand to the first call on new code. What the old generation takes to leave is
   * waited for, and not timed.
   *
   * @param jar the newest, which is deleted
   * @return nanoseconds
   */
  long swap(Path jar) throws Exception {
    long start = System.nanoTime();
    Swap swap = host.swap(jar);
    Object answer = handle.with(Rules::evaluate);
    long nanos = System.nanoTime() - start;
    if (!answer.equals(version())) {
      throw new IllegalStateException("version " + version() + " was answered by " + answer);
    }
    swap.awaitReclaimed(LIMIT);
    Files.delete(jar);
    return nanos;
  }

  @Override
  public void close() {
    host.close();
  }
}
