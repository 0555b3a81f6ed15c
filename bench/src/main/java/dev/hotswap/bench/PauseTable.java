package dev.hotswap.bench;

import dev.hotswap.bench.contract.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.osgi.framework.BundleException;

/**
 * What a caller feels of swaps: it calls as fast as it can on one processor, while on another
 * something is changed. Every window is compared with the one of its round in which nothing is, and
 * what is told is the median of these ratios. The windows of a round are cut into seconds that come
 * by turns, so that a busy spell of the machine hits all of them, and spoils a few rounds and not
 * the figure. Nothing at all is measured twice: what the two differ by is noise.
 *
 * <p>The verdict is on a swap in ten seconds, which is 8,640 a day. The first calls of new code are
 * slower, whoever brings it, until the JVM has compiled it, so that a percentile depends on how
 * often there is new code: how it grows with ten and a hundred times as many is told, and compared
 * with new classes that come without Hotswap. A plugin that warms up has a verdict at ten times as
 * many.
 */
public final class PauseTable implements AutoCloseable {
  private static final int SECONDS = 10;

  /** As a ratio; two measurements of nothing at all differ by some hundredths. */
  private static final double NO_WORSE = 1.05;

  private final Path folder = Files.createTempDirectory("hotswap-bench");
  private final SwappedRules rules = new SwappedRules(folder);
  private final BareFelix bare = new BareFelix(folder);
  private volatile Rules inHand; // without Hotswap

  private final Windows calm = new Windows("nothing");
  private final Windows calmAgain = new Windows("nothing, once more");
  private final Windows swapping = new Windows("a swap");

  private final Windows shortCalm = new Windows("nothing");
  private final Windows busy = new Windows("a start in bare Felix");
  private final Windows warm = new Windows("a swap of a plugin that warms up");
  private final Windows often = new Windows("a swap");
  private final Windows storm = new Windows("ten swaps");

  private final Windows byField = new Windows("nothing, calls by a field");
  private final Windows byHand = new Windows("a new class put into that field");
  private final Windows byHandOften = new Windows("ten new classes put into that field");

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
    callFor(2 * Windows.SECOND, new Histogram(3));
    callByField(2 * Windows.SECOND, new Histogram(3));
  }

  private int measure(int rounds) throws Exception {
    for (int i = 0; i < rounds; i++) {
      tenSeconds();
      aSecond();
      aSecond();
    }
    System.out.println("latency of a call in us, medians of all windows; in each of them");
    System.out.printf(
        "%-40s %7s %7s %7s %9s %10s%n", "", "p50", "p99.9", "p99.99", "longest", "p99.99 /");
    System.out.printf("%-40s %43s%n", "", "nothing");
    System.out.println("in ten seconds");
    printAll(calm, calmAgain, swapping);
    System.out.println("in a second");
    printAll(shortCalm, busy, warm, often, storm);
    printAll(byField, byHand, byHandOften);
    System.out.println();
    Verdicts verdicts = new Verdicts();
    verdicts.atMost("p99.99, a swap in ten seconds / nothing", swapping.against(calm), NO_WORSE);
    verdicts.atMost("p99.99, one a second, warmed up / nothing", warm.against(shortCalm), NO_WORSE);
    return verdicts.close();
  }

  private void tenSeconds() throws Exception {
    List.of(calm, swapping, calmAgain).forEach(Windows::open);
    for (int second = 0; second < SECONDS; second++) {
      calm.second(this::callFor, 0, () -> {});
      swapping.second(this::callFor, second == SECONDS / 2 ? 1 : 0, rules::swap);
      calmAgain.second(this::callFor, 0, () -> {});
    }
  }

  private void aSecond() throws Exception {
    List.of(shortCalm, busy, warm, often, storm, byField, byHand, byHandOften)
        .forEach(Windows::open);
    shortCalm.second(this::callFor, 0, () -> {});
    busy.second(this::callFor, 1, () -> bare.start(rules.nextJar()));
    warm.second(this::callFor, 1, () -> rules.swap(rules.nextWarmJar()));
    often.second(this::callFor, 1, rules::swap);
    storm.second(this::callFor, 10, rules::swap);
    byField.second(this::callByField, 0, () -> {});
    byHand.second(this::callByField, 1, this::takeByHand);
    byHandOften.second(this::callByField, 10, this::takeByHand);
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
