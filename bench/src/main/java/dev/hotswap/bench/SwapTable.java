package dev.hotswap.bench;

import dev.hotswap.api.Handle;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Swap;
import dev.hotswap.bench.contract.Rules;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final long PUBLISH_TARGET_NANOS = 100_000;
  private static final String PLUGIN = "bench.rules";

  private final Path folder = Files.createTempDirectory("hotswap-bench");
  private final Host host;
  private final Handle<Rules> rules;
  private final BareFelix bare;
  private int version;

  private SwapTable() throws IOException, BundleException {
    host =
        Host.builder()
            .standby(Duration.ZERO)
            .share(Rules.class)
            .data(Files.createDirectory(folder.resolve("data")))
            .open();
    rules = host.handle(Rules.class);
    bare = new BareFelix(folder);
  }

  /** {@code --quick}: fewer swaps and shorter windows. */
  public static void main(String... args) throws Exception {
    boolean quick = List.of(args).contains("--quick");
    System.out.printf("JDK %s; 10 KB plugin%n%n", System.getProperty("java.version"));
    try (SwapTable table = new SwapTable()) {
      table.latency(quick ? 60 : 200, quick ? 100 : 400);
      table.publishes(quick ? 100 : 400, quick ? 200 : 1000);
      table.pauses(quick ? 4 : 12, TimeUnit.SECONDS.toNanos(quick ? 3 : 5));
    }
  }

  private void latency(int warmUps, int swaps) throws Exception {
    Histogram ours = new Histogram(3);
    Histogram theirs = new Histogram(3);
    for (int i = -warmUps; i < swaps; i++) {
      long swapped = timeSwap();
      long installed = timeBare();
      if (i >= 0) {
        ours.recordValue(swapped);
        theirs.recordValue(installed);
      }
    }
    System.out.printf("%-44s %8s %8s %8s%n", "ms", "p50", "p90", "p99");
    row("swap, jar in hand to first call on new code", ours);
    row("bare Felix: install, resolve, start", theirs);
    double ratio = ours.getValueAtPercentile(50) / (double) theirs.getValueAtPercentile(50);
    verdict(ratio <= 1.5, "swap / bare Felix, medians", ratio, 1.5);
  }

  private static void row(String what, Histogram nanos) {
    System.out.printf(
        "%-44s %8.2f %8.2f %8.2f%n",
        what,
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(90) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6);
  }

  private void publishes(int warmUps, int publishes) throws Exception {
    Histogram seen = new Histogram(3);
    Histogram returned = new Histogram(3);
    for (int i = -warmUps; i < publishes; i++) {
      Path jar = nextJar();
      StagedSet staged = host.stage(jar);
      try (Lookout lookout = new Lookout(version + ".0.0")) {
        long start = System.nanoTime();
        Swap swap = staged.publish();
        long back = System.nanoTime() - start;
        long sight = lookout.await() - start;
        if (i >= 0) {
          seen.recordValue(sight);
          returned.recordValue(back);
        }
        swap.awaitReclaimed(LIMIT);
      }
      Files.delete(jar);
    }
    System.out.printf("%n%-44s %8s %8s %8s%n", "us", "p50", "p90", "p99");
    publishRow("publish of a staged set until a caller sees it", seen);
    publishRow("publish of a staged set until it returns", returned);
    verdict(
        seen.getValueAtPercentile(99) <= PUBLISH_TARGET_NANOS,
        "publish until a caller sees it, p99, us",
        seen.getValueAtPercentile(99) / 1e3,
        PUBLISH_TARGET_NANOS / 1e3);
  }

  private static void publishRow(String what, Histogram nanos) {
    System.out.printf(
        "%-46s %6.1f %8.1f %8.1f%n",
        what,
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(90) / 1e3,
        nanos.getValueAtPercentile(99) / 1e3);
  }

  /** Retiring the old generation goes on in the background and is waited for, untimed. */
  private long timeSwap() throws Exception {
    Path jar = nextJar();
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
    version++;
    return PluginJar.write(folder, PLUGIN, version);
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

  private void pauses(int windows, long windowNanos) throws Exception {
    Histogram calm = new Histogram(3);
    Histogram swapping = new Histogram(3);
    callFor(windowNanos, new Histogram(3)); // warm up
    int swaps = 0;
    for (int i = 0; i < windows; i++) {
      callFor(windowNanos, calm);
      try (Storm storm = new Storm()) {
        callFor(windowNanos, swapping);
        swaps += storm.stop();
      }
    }
    System.out.printf("%nlatency of a call in us; %d swaps in the second row%n", swaps);
    System.out.printf("%-44s %8s %8s %8s %10s%n", "", "p50", "p99.9", "p99.99", "longest");
    callRow("without swaps", calm);
    callRow("while swaps run", swapping);
    double ratio = swapping.getValueAtPercentile(99.99) / (double) calm.getValueAtPercentile(99.99);
    verdict(ratio <= 1, "p99.99 while swaps run / without", ratio, 1);
    System.out.printf(
        "%-8s %-40s %8.2f%n",
        "",
        "longest while swaps run / without",
        swapping.getMaxValue() / (double) calm.getMaxValue());
  }

  private static void callRow(String what, Histogram nanos) {
    System.out.printf(
        "%-44s %8.3f %8.3f %8.3f %10.1f%n",
        what,
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(99.9) / 1e3,
        nanos.getValueAtPercentile(99.99) / 1e3,
        nanos.getMaxValue() / 1e3);
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

  private static void verdict(boolean reached, String what, double is, double target) {
    System.out.printf(
        "%-8s %-40s %8.2f   target: at most %.2f%n",
        reached ? "reached" : "MISSED", what, is, target);
  }

  @Override
  public void close() throws Exception {
    host.close();
    bare.close();
    BareFelix.delete(folder);
  }

  /** A caller that calls all the time, until it is answered by the version it looks out for. */
  private final class Lookout implements AutoCloseable {
    private final Thread thread = new Thread(this::call, "lookout");
    private final CountDownLatch calling = new CountDownLatch(1);
    private final Object wanted;
    private volatile boolean closed;
    private volatile long sight;

    Lookout(Object wanted) throws InterruptedException {
      this.wanted = wanted;
      thread.start();
      calling.await();
    }

    private void call() {
      Object answer = rules.with(Rules::evaluate);
      calling.countDown();
      while (!answer.equals(wanted) && !closed) {
        answer = rules.with(Rules::evaluate);
      }
      sight = System.nanoTime();
    }

    /** When it was, on the clock of {@link System#nanoTime()}. */
    long await() throws InterruptedException {
      thread.join();
      return sight;
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      thread.join();
    }
  }

  /** Swaps every 100 ms, on a thread of its own, until stopped. */
  private final class Storm implements AutoCloseable {
    private static final long PAUSE_MILLIS = 100;

    private final Thread thread = new Thread(this::swap, "swap storm");
    private volatile boolean stopped;
    private volatile int swaps;
    private volatile Exception failure;

    Storm() {
      thread.start();
    }

    private void swap() {
      try {
        while (!stopped) {
          timeSwap();
          swaps = swaps + 1;
          Thread.sleep(PAUSE_MILLIS);
        }
      } catch (Exception e) {
        failure = e;
      }
    }

    /** How many swaps there were. */
    int stop() throws Exception {
      stopped = true;
      thread.join();
      if (failure != null) {
        throw failure;
      }
      return swaps;
    }

    @Override
    public void close() throws InterruptedException {
      stopped = true;
      thread.join();
    }
  }
}
