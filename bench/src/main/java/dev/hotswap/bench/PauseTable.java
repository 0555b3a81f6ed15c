package dev.hotswap.bench;

import dev.hotswap.bench.contract.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.osgi.framework.BundleException;

/**
 * What a caller feels of swaps: it calls as fast as it can on one processor, while on another
 * something is changed. Every window is compared with the one of its round in which nothing is, and
 * what is told is the median of these ratios, and their quartiles. The windows of ten seconds are
 * cut into seconds that come by turns, so that a busy spell of the machine hits all of a round; the
 * order is reversed from round to round, so that what goes on after a swap hits both of the others.
 * Nothing at all is measured twice: what the two differ by is noise.
 *
 * <p>The verdict is on a swap in ten seconds, which is 8,640 a day. The first calls of new code are
 * slower, whoever brings it, until the JVM has compiled it. So p99.99 depends on how often there is
 * new code: it leaves out one call of ten thousand, some 20,000 in ten seconds, and does not see
 * what slows fewer. How it grows with ten and a hundred times as many swaps is told, and compared
 * with new classes that come without Hotswap. A plugin that warms up has a verdict at ten times as
 * many.
 *
 * <p>Nor does a percentile of calls see how long one of them waits. {@code longest} does, and
 * {@code moments}, p99.99 corrected for coordinated omission: for all but one of ten thousand
 * moments, a call that begins then takes less. Where there are but two processors, the caller gives
 * one away now and then to a thread that a swap needs.
 */
public final class PauseTable implements AutoCloseable {
  private static final int SECONDS = 10;

  /** As a ratio; nothing and nothing once more differ by some hundredths. */
  private static final double NO_WORSE = 1.05;

  private final Path folder = Files.createTempDirectory("hotswap-bench");
  private final SwappedRules rules = new SwappedRules(folder);
  private final BareFelix bare = new BareFelix(folder);
  private volatile Rules inHand; // without Hotswap

  private final Windows calm = new Windows("nothing", this::callFor, () -> {});
  private final Windows calmAgain = new Windows("nothing, once more", this::callFor, () -> {});
  private final Windows swapping = new Windows("a swap", this::callFor, rules::swap);

  private final Windows shortCalm = new Windows("nothing", this::callFor, () -> {});
  private final Windows busy =
      new Windows("a start in bare Felix", this::callFor, () -> bare.start(rules.nextJar()));
  private final Windows warm =
      new Windows("a swap of what warms up", this::callFor, this::swapWarm);
  private final Windows often = new Windows("a swap", this::callFor, rules::swap);
  private final Windows storm = new Windows("ten swaps", this::callFor, rules::swap);

  private final Windows field =
      new Windows("nothing, calls by a field", this::callByField, () -> {});
  private final Windows byHand =
      new Windows("a new class in that field", this::callByField, this::takeByHand);
  private final Windows byHandOften =
      new Windows("ten new classes in that field", this::callByField, this::takeByHand);

  private PauseTable() throws IOException, BundleException {}

  /** {@code --quick}: fewer windows. */
  public static void main(String... args) throws Exception {
    boolean quick = List.of(args).contains("--quick");
    System.out.printf("JDK %s; 10 KB plugin%n%n", System.getProperty("java.version"));
    int missed;
    try (PauseTable table = new PauseTable()) {
      table.warmUp();
      for (int round = 0; round < (quick ? 7 : 15); round++) {
        table.tenSeconds(round);
        table.aSecond();
        table.aSecond();
      }
      missed = table.print();
    }
    System.exit(missed);
  }

  private void warmUp() throws Exception {
    for (int i = 0; i < SwappedRules.SWAPS_TO_WARM_UP; i++) {
      rules.swap();
    }
    for (int i = 0; i < 100; i++) {
      swapWarm();
      takeByHand();
      callFor(Windows.SECOND / 50, new Histogram(3));
      callByField(Windows.SECOND / 50, new Histogram(3));
    }
  }

  private void tenSeconds(int round) throws Exception {
    List<Windows> turns = new ArrayList<>(List.of(calm, swapping, calmAgain));
    if (round % 2 == 1) {
      Collections.reverse(turns);
    }
    turns.forEach(Windows::open);
    for (int second = 0; second < SECONDS; second++) {
      for (Windows next : turns) {
        next.second(next == swapping && second == SECONDS / 2 ? 1 : 0);
      }
    }
  }

  /** Each begins when what the one before has left behind is done. */
  private void aSecond() throws Exception {
    List.of(shortCalm, busy, warm, often, storm, field, byHand, byHandOften).forEach(Windows::open);
    settle();
    shortCalm.second(0);
    often.second(1);
    settle();
    warm.second(1);
    settle();
    busy.second(1);
    settle();
    storm.second(10);
    settle();
    field.second(0);
    byHand.second(1);
    settle();
    byHandOften.second(10);
  }

  private void settle() {
    callFor(Windows.SECOND / 2, new Histogram(3));
  }

  private int print() {
    System.out.printf(
        "latency of a call in us, medians of %d windows, and of their ratios (quartiles)%n",
        calm.count());
    Windows.printHead();
    System.out.println("in ten seconds");
    printAll(calm, calmAgain, swapping);
    System.out.printf("in a second, %d windows%n", shortCalm.count());
    printAll(shortCalm, busy, warm, often, storm);
    printAll(field, byHand, byHandOften);
    System.out.println();
    Verdicts verdicts = new Verdicts();
    verdicts.atMost("p99.99, a swap in ten seconds / nothing", swapping.against(calm), NO_WORSE);
    verdicts.atMost("p99.99, one a second, warmed up / nothing", warm.against(shortCalm), NO_WORSE);
    System.out.printf(
        "         (for comparison: nothing once more / nothing %.2f; p99.99 of moments: a swap in ten"
            + " seconds / nothing %.2f, one a second %.2f)%n%n",
        calmAgain.against(calm),
        swapping.againstOfMoments(calm),
        often.againstOfMoments(shortCalm));
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

  private void swapWarm() throws Exception {
    rules.swap(rules.nextWarmJar());
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
