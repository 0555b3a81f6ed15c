package dev.hotswap.bench;

import dev.hotswap.bench.contract.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.osgi.framework.BundleException;

/**
 * What a caller feels of swaps: it calls as fast as it can on one processor, while on another
 * something is changed in the middle of each window. Every window is compared with the one of its
 * round in which nothing was changed, and what is told is the median of these ratios: a busy spell
 * of the machine hits both of a pair, or spoils a few pairs and not the figure. Nothing at all is
 * measured twice: what the two differ by is noise.
 *
 * <p>The verdict is on a swap in ten seconds, which is 8,640 a day. The first calls of new code are
 * slower, whoever brings it, until the JVM has compiled it, so that a percentile depends on how
 * often there is new code: how it grows with ten and a hundred times as many is told, and compared
 * with new classes that come without Hotswap. A plugin that warms up has the verdict at ten times
 * as many.
 */
public final class PauseTable implements AutoCloseable {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);
  private static final long SHORT = TimeUnit.SECONDS.toNanos(1);

  /** As a ratio; two measurements of nothing at all differ by some hundredths. */
  private static final double NO_WORSE = 1.05;

  private final Path folder = Files.createTempDirectory("hotswap-bench");
  private final SwappedRules rules = new SwappedRules(folder);
  private final BareFelix bare = new BareFelix(folder);
  private volatile Rules inHand; // without Hotswap

  private PauseTable() throws IOException, BundleException {}

  /** {@code --quick}: fewer windows. */
  public static void main(String... args) throws Exception {
    boolean quick = List.of(args).contains("--quick");
    System.out.printf("JDK %s; 10 KB plugin%n%n", System.getProperty("java.version"));
    int missed;
    try (PauseTable table = new PauseTable()) {
      table.warmUp();
      missed = table.measure(quick ? 7 : 21);
    }
    System.exit(missed);
  }

  private void warmUp() throws Exception {
    for (int i = 0; i < SwappedRules.SWAPS_TO_WARM_UP; i++) {
      rules.swap();
    }
    takeByHand();
    callFor(2 * SHORT, new Histogram(3));
    callByField(2 * SHORT, new Histogram(3));
  }

  private int measure(int rounds) throws Exception {
    Windows calm = new Windows("nothing", WINDOW);
    Windows swapping = new Windows("a swap", WINDOW);
    Windows calmAgain = new Windows("nothing, once more", WINDOW);
    Windows shortCalm = new Windows("nothing", SHORT);
    Windows busy = new Windows("a start in bare Felix", SHORT);
    Windows often = new Windows("a swap", SHORT);
    Windows warm = new Windows("a swap of a plugin that warms up", SHORT);
    Windows storm = new Windows("ten swaps", SHORT);
    Windows byField = new Windows("nothing, calls by a field", SHORT);
    Windows byHand = new Windows("a new class put into that field", SHORT);
    Windows byHandOften = new Windows("ten new classes put into that field", SHORT);
    for (int i = 0; i < rounds; i++) {
      calm.add(this::callFor, 0, () -> {});
      swapping.add(this::callFor, 1, rules::swap);
      calmAgain.add(this::callFor, 0, () -> {});
      for (int j = 0; j < 2; j++) {
        shortCalm.add(this::callFor, 0, () -> {});
        often.add(this::callFor, 1, rules::swap);
        warm.add(this::callFor, 1, () -> rules.swap(rules.nextWarmJar()));
        busy.add(this::callFor, 1, () -> bare.start(rules.nextJar()));
        storm.add(this::callFor, 10, rules::swap);
        byField.add(this::callByField, 0, () -> {});
        byHand.add(this::callByField, 1, this::takeByHand);
        byHandOften.add(this::callByField, 10, this::takeByHand);
      }
    }
    System.out.println("latency of a call in us, medians of all windows; in each of them");
    System.out.printf(
        "%-40s %7s %7s %7s %9s %10s%n", "", "p50", "p99.9", "p99.99", "longest", "p99.99 /");
    System.out.printf("%-40s %43s%n", "", "nothing");
    printAll(calm, swapping, calmAgain);
    System.out.println("  in windows of a second");
    printAll(shortCalm, busy, often, warm, storm);
    printAll(byField, byHand, byHandOften);
    System.out.println();
    Verdicts verdicts = new Verdicts();
    verdicts.atMost("p99.99 with a swap / nothing", swapping.against(calm), NO_WORSE);
    verdicts.atMost(
        "  with one a second that warms up / nothing", warm.against(shortCalm), NO_WORSE);
    return verdicts.close();
  }

  /** The first is what the others are compared with. */
  private static void printAll(Windows calm, Windows... others) {
    calm.print(calm);
    for (Windows each : others) {
      each.print(calm);
    }
  }

  private void callFor(long nanos, Histogram latencies) {
    long end = System.nanoTime() + nanos;
    long before = System.nanoTime();
    while (before < end) {
      rules.handle().use(Rules::evaluate);
      long after = System.nanoTime();
      latencies.recordValue(after - before);
      before = System.nanoTime();
    }
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
    Path jar = rules.nextJar();
    inHand = new FreshRules(jar).rules();
    Files.delete(jar);
  }

  @Override
  public void close() throws Exception {
    rules.close();
    bare.close();
    BareFelix.delete(folder);
  }
}
