package dev.hotswap.bench;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Swap;
import dev.hotswap.bench.contract.Rules;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * How long a swap takes against a bare Felix, and what callers feel of swaps. What is compared is
 * measured in turns in one run, so that the machine's moods hit both.
 */
public final class SwapTable implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final double ROLLBACK_MILLIS = 5;
  private static final int FIRST = 100;

  /**
   * Until what runs once a swap is compiled to the end, and the ratio falls no more. HotSpot asks
   * for 5,000 runs (Tier4InvocationThreshold), and then has some thousand such methods to compile,
   * with one thread on a machine of two processors.
   */
  private static final int SWAPS_TO_WARM_UP = 25_000;

  /** As a ratio; two measurements of nothing at all differ by some hundredths. */
  private static final double NO_WORSE = 1.05;

  private static final String PLUGIN = "bench.rules";

  private final Verdicts verdicts = new Verdicts();
  private final Path folder = Files.createTempDirectory("hotswap-bench");
  private final Host host;
  private final Handle<Rules> rules;
  private final BareFelix bare;
  private volatile Rules inHand; // without Hotswap
  private int version;

  private SwapTable() throws IOException, BundleException {
    host = Host.builder().standby(Duration.ZERO).share(Rules.class).open();
    rules = host.handle(Rules.class);
    bare = new BareFelix(folder);
  }

  /** {@code --quick}: fewer swaps and shorter windows. */
  public static void main(String... args) throws Exception {
    boolean quick = List.of(args).contains("--quick");
    System.out.printf("JDK %s; 10 KB plugin%n%n", System.getProperty("java.version"));
    int missed;
    try (SwapTable table = new SwapTable()) {
      table.latency(SWAPS_TO_WARM_UP, quick ? 200 : 1000);
      table.freshHosts(quick ? 10 : 50);
      table.recorded(quick ? 50 : 200, quick ? 100 : 500);
      table.rollbacks(quick ? 20 : 50, quick ? 60 : 300);
      new Handovers(table.folder).table(quick ? 30 : 100, quick ? 60 : 300);
      table.pauses(quick ? 12 : 60);
      System.out.println();
      missed = table.verdicts.close();
    }
    System.exit(missed);
  }

  /** As in JMH, the verdict is on compiled code; what the first ones of a process took is told. */
  private void latency(int warmUps, int swaps) throws Exception {
    Histogram oursFirst = new Histogram(3);
    Histogram theirsFirst = new Histogram(3);
    Histogram ours = new Histogram(3);
    Histogram theirs = new Histogram(3);
    for (int i = -warmUps; i < swaps; i++) {
      long swapped = timeSwap();
      long installed = timeBare();
      if (i < FIRST - warmUps) {
        oursFirst.recordValue(swapped);
        theirsFirst.recordValue(installed);
      } else if (i >= 0) {
        ours.recordValue(swapped);
        theirs.recordValue(installed);
      }
    }
    System.out.printf("%-44s %8s %8s %8s%n", "ms", "p50", "p90", "p99");
    row("swap, jar in hand to first call on new code", ours);
    row("bare Felix: install, resolve, start", theirs);
    row("the first " + FIRST + " swaps of the process", oursFirst);
    row("the first " + FIRST + " in bare Felix", theirsFirst);
    verdicts.atMost("swap / bare Felix, medians", ratio(ours, theirs), 1.5);
    System.out.printf(
        "         (of the first %d of the process: %.2f)%n", FIRST, ratio(oursFirst, theirsFirst));
  }

  private static double ratio(Histogram one, Histogram other) {
    return one.getValueAtPercentile(50) / (double) other.getValueAtPercentile(50);
  }

  /** Each in a host of its own that has swapped nothing yet; in a process that has. */
  private void freshHosts(int hosts) throws Exception {
    Histogram nanos = new Histogram(3);
    for (int i = 0; i < hosts; i++) {
      Path jar = nextJar();
      try (Host fresh = Host.builder().standby(Duration.ZERO).share(Rules.class).open()) {
        Handle<Rules> freshRules = fresh.handle(Rules.class);
        long start = System.nanoTime();
        fresh.swap(jar);
        freshRules.use(Rules::evaluate);
        nanos.recordValue(System.nanoTime() - start);
      }
      Files.delete(jar);
    }
    row("the first swap of a fresh host", nanos);
  }

  private static void row(String what, Histogram nanos) {
    System.out.printf(
        "%-44s %8.2f %8.2f %8.2f%n",
        what,
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(90) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6);
  }

  /** The same where a restart is to remember it: the disk is waited for, three times a swap. */
  private void recorded(int warmUps, int swaps) throws Exception {
    Histogram nanos = new Histogram(3);
    try (Host recording =
        Host.builder()
            .standby(Duration.ZERO)
            .share(Rules.class)
            .data(Files.createDirectory(folder.resolve("data")))
            .open()) {
      for (int i = -warmUps; i < swaps; i++) {
        Path jar = nextJar();
        long start = System.nanoTime();
        Swap swap = recording.swap(jar);
        if (i >= 0) {
          nanos.recordValue(System.nanoTime() - start);
        }
        swap.awaitReclaimed(LIMIT);
        Files.delete(jar);
      }
    }
    row("swap, with a data folder (journal, fsync)", nanos);
  }

  /** Retiring the old generation goes on in the background and is waited for, untimed. */
  private long timeSwap() throws Exception {
    return timeSwap(nextJar());
  }

  private long timeSwap(Path jar) throws Exception {
    long start = System.nanoTime();
    Swap swap = host.swap(jar);
    Object answer = rules.with(Rules::evaluate);
    long nanos = System.nanoTime() - start;
    if (!answer.equals(version + ".0.0")) {
      throw new IllegalStateException("version " + version + " was answered by " + answer);
    }
    swap.awaitReclaimed(LIMIT);
    Files.delete(jar);
    return nanos;
  }

  private Path nextJar() throws IOException {
    return PluginJar.write(folder, PLUGIN, nextVersion());
  }

  private int nextVersion() {
    version++;
    return version;
  }

  private long timeBare() throws IOException, BundleException {
    Path jar = nextJar();
    FrameworkWiring wiring = bare.context().getBundle().adapt(FrameworkWiring.class);
    long start = System.nanoTime();
    Bundle bundle;
    try (InputStream in = Files.newInputStream(jar)) {
      bundle = bare.context().installBundle("bare:" + version, in);
    }
    wiring.resolveBundles(Set.of(bundle));
    bundle.start();
    long nanos = System.nanoTime() - start;
    bundle.uninstall();
    Files.delete(jar);
    return nanos;
  }

  /** In a host of its own, where the generation before stands by. */
  private void rollbacks(int warmUps, int rollbacks) throws Exception {
    Histogram nanos = new Histogram(3);
    try (Host standing = Host.builder().share(Rules.class).open()) {
      Handle<Rules> standingRules = standing.handle(Rules.class);
      standing.swap(nextJar()).awaitReclaimed(LIMIT);
      Object before = version + ".0.0";
      for (int i = -warmUps; i < rollbacks; i++) {
        Path jar = nextJar();
        standing.swap(jar).awaitReclaimed(LIMIT);
        long start = System.nanoTime();
        Swap back = standing.rollback(PLUGIN);
        Object answer = standingRules.with(Rules::evaluate);
        if (i >= 0) {
          nanos.recordValue(System.nanoTime() - start);
        }
        if (!answer.equals(before)) {
          throw new IllegalStateException(before + " was rolled back to, and answered: " + answer);
        }
        back.awaitReclaimed(LIMIT);
        Files.delete(jar);
      }
    }
    System.out.printf("%n%-44s %8s %8s %8s%n", "ms", "p50", "p90", "p99");
    row("rollback from standby to first call", nanos);
    verdicts.atMost(
        "rollback from standby, median, ms", nanos.getValueAtPercentile(50) / 1e6, ROLLBACK_MILLIS);
  }

  /**
   * Callers on one processor, changes on another: in windows of a second by turns nothing, the same
   * bundle in bare Felix, and swaps. A figure is the median over all windows of a kind, so that a
   * busy spell of the machine spoils a few windows and not the figure. Nothing at all is measured
   * twice: what the two differ by is noise.
   */
  private void pauses(int rounds) throws Exception {
    Pauses calm = new Pauses("nothing", 1);
    Pauses calmAgain = new Pauses("nothing, once more", 1);
    Pauses busy = new Pauses("a start in bare Felix", 1);
    Pauses swapping = new Pauses("a swap", 1);
    Pauses warm = new Pauses("a swap of a plugin that warms up", 1);
    Pauses storm = new Pauses("ten swaps", 10);
    Pauses fieldCalm = new Pauses("nothing, calls by a field", 1);
    Pauses fieldStorm = new Pauses("ten new classes put into that field", 10);
    inHand = new FreshRules(nextJar()).rules();
    callFor(2 * Pauses.WINDOW_NANOS, new Histogram(3)); // warm up
    callByField(2 * Pauses.WINDOW_NANOS, new Histogram(3));
    for (int i = 0; i < rounds; i++) {
      calm.window(() -> {});
      busy.window(this::timeBare);
      swapping.window(this::timeSwap);
      warm.window(() -> timeSwap(PluginJar.warm(folder, PLUGIN, nextVersion())));
      storm.window(this::timeSwap);
      fieldCalm.window(() -> {}, this::callByField);
      fieldStorm.window(this::takeByHand, this::callByField);
      calmAgain.window(() -> {});
    }
    System.out.printf(
        "%nlatency of a call in us, medians of %d windows of a second; in each of them%n", rounds);
    System.out.printf("%-44s %8s %8s %8s %10s%n", "", "p50", "p99.9", "p99.99", "longest");
    List.of(calm, calmAgain, busy, swapping, warm, storm, fieldCalm, fieldStorm)
        .forEach(Pauses::print);
    verdicts.atMost("p99.99 with a swap / with nothing", swapping.pause() / calm.pause(), NO_WORSE);
    verdicts.atMost("p99.99 with a swap / bare Felix", swapping.pause() / busy.pause(), NO_WORSE);
    verdicts.atMost("p99.99 with ten swaps / with nothing", storm.pause() / calm.pause(), NO_WORSE);
    System.out.printf(
        "         (for comparison: nothing once more / nothing %.2f;"
            + " ten new classes by hand / nothing %.2f)%n",
        calmAgain.pause() / calm.pause(), fieldStorm.pause() / fieldCalm.pause());
  }

  /** What callers feel in all windows of one kind. */
  private final class Pauses {
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String beside;
    private final int changes;
    private final List<Histogram> windows = new ArrayList<>();

    /**
     * @param changes how many there are in a window
     */
    Pauses(String beside, int changes) {
      this.beside = beside;
      this.changes = changes;
    }

    void window(Work work) throws Exception {
      window(work, SwapTable.this::callFor);
    }

    void window(Work work, Caller caller) throws Exception {
      Histogram latencies = new Histogram(3);
      try (Storm storm = new Storm(work, WINDOW_NANOS / changes)) {
        caller.callFor(WINDOW_NANOS, latencies);
        storm.stop();
      }
      windows.add(latencies);
    }

    double pause() {
      return median(99.99);
    }

    private double median(double percentile) {
      long[] values =
          windows.stream()
              .mapToLong(each -> each.getValueAtPercentile(percentile))
              .sorted()
              .toArray();
      return values[values.length / 2];
    }

    void print() {
      System.out.printf(
          "%-44s %8.3f %8.3f %8.3f %10.1f%n",
          beside, median(50) / 1e3, median(99.9) / 1e3, pause() / 1e3, median(100) / 1e3);
    }
  }

  private void callFor(long nanos, Histogram latencies) {
    long end = System.nanoTime() + nanos;
    long before = System.nanoTime();
    while (before < end) {
      rules.use(Rules::evaluate);
      long after = System.nanoTime();
      latencies.recordValue(after - before);
      before = System.nanoTime();
    }
  }

  @Override
  public void close() throws Exception {
    host.close();
    bare.close();
    BareFelix.delete(folder);
  }

  /**
   * As {@link #callFor}, without Hotswap; a loop of its own, as the JIT compiler knows them apart.
   */
  private void callByField(long nanos, Histogram latencies) {
    long end = System.nanoTime() + nanos;
    long before = System.nanoTime();
    while (before < end) {
      inHand.evaluate();
      long after = System.nanoTime();
      latencies.recordValue(after - before);
      before = System.nanoTime();
    }
  }

  /** New code for those callers: what a JVM asks of them for that, whoever brings it. */
  private void takeByHand() throws Exception {
    Path jar = nextJar();
    inHand = new FreshRules(jar).rules();
    Files.delete(jar);
  }

  private interface Caller {
    void callFor(long nanos, Histogram latencies);
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Does something in the middle of each period, on a thread of its own, until stopped. */
  private static final class Storm implements AutoCloseable {
    private final Work work;
    private final long periodNanos;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "storm");
    private volatile Exception failure;

    Storm(Work work, long periodNanos) {
      this.work = work;
      this.periodNanos = periodNanos;
      thread.start();
    }

    private void run() {
      try {
        long next = System.nanoTime() + periodNanos / 2;
        while (!over.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          work.run();
          next += periodNanos;
        }
      } catch (Exception e) {
        failure = e;
      }
    }

    void stop() throws Exception {
      close();
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void close() throws InterruptedException {
      over.countDown();
      thread.join();
    }
  }
}
