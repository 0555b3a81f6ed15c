package dev.hotswap.bench;

import dev.hotswap.core.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link CallBench} and prints one table with the targets. The {@code Tracked} ways have none:
 * they show what {@code lease.tracking} costs.
 *
 * <p>Every round forks each benchmark once, so that a busy spell of the machine hits all of them.
 * The figure of a benchmark is the median of the processor time per call over all rounds. The lower
 * quartile stands beside it: what else runs on the machine can only add to it.
 */
public final class CallTable {
  private static final List<String> WAYS =
      List.of(
          "direct",
          "volatileField",
          "atomic",
          "readWriteLock",
          "tracker",
          "getAndUnget",
          "with",
          "use",
          "lease",
          "proxy",
          "nested",
          "filtered",
          "useEachOf3",
          "withEachOf3",
          "withTracked",
          "leaseTracked",
          "nestedTracked");

  private final Verdicts verdicts = new Verdicts();
  private final Map<String, List<Double>> cpu = new TreeMap<>();
  private final Map<String, List<Double>> bytes = new TreeMap<>();
  private final List<Integer> threadCounts;

  private CallTable(List<Integer> threadCounts) {
    this.threadCounts = threadCounts;
  }

  /** {@code --quick}: fewer rounds, and no eight threads. */
  public static void main(String... args) throws RunnerException {
    boolean quick = List.of(args).contains("--quick");
    CallTable table = new CallTable(quick ? List.of(1, 2) : List.of(1, 2, 8));
    int rounds = quick ? 3 : 7;
    for (int round = 1; round <= rounds; round++) {
      for (int threads : table.threadCounts) {
        System.err.println("round " + round + " of " + rounds + ", threads: " + threads);
        table.run(threads);
      }
    }
    table.print();
    System.exit(table.verdicts.close());
  }

  private void run(int threads) throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include(CallBench.class.getName() + "\\.")
            .threads(threads)
            .forks(1)
            .warmupIterations(5)
            .warmupTime(TimeValue.milliseconds(200))
            .measurementIterations(6)
            .measurementTime(TimeValue.milliseconds(100))
            .addProfiler(CpuTime.class)
            .addProfiler("gc")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    for (RunResult result : new Runner(options).run()) {
      String way = result.getParams().getBenchmark().replaceAll(".*\\.", "");
      result.getBenchmarkResults().stream()
          .flatMap(fork -> fork.getIterationResults().stream())
          .forEach(iteration -> add(key(way, threads), iteration));
    }
  }

  private void add(String key, IterationResult iteration) {
    Map<String, Result> secondary = iteration.getSecondaryResults();
    cpu.computeIfAbsent(key, added -> new ArrayList<>())
        .add(secondary.get(CpuTime.LABEL).getScore());
    bytes
        .computeIfAbsent(key, added -> new ArrayList<>())
        .add(secondary.get("gc.alloc.rate.norm").getScore());
  }

  private static String key(String way, int threads) {
    return way + "@" + threads;
  }

  private double cost(String way, int threads) {
    return quantile(cpu.get(key(way, threads)), 0.5);
  }

  /** What a second thread adds to the cost of the first one's calls, as a factor. */
  private double rise(String way) {
    return cost(way, 2) / cost(way, 1);
  }

  private double allocated(String way, int threads) {
    return quantile(bytes.get(key(way, threads)), 0.5);
  }

  private static double quantile(List<Double> values, double q) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((int) (q * (sorted.size() - 1)));
  }

  private void print() {
    System.out.printf(
        "%nJDK %s, %s lane, %d processors; processor time per call in ns%n%n",
        System.getProperty("java.version"),
        World.lane(),
        Runtime.getRuntime().availableProcessors());
    System.out.printf(
        "%-14s %7s %9s %8s %8s %10s %8s %9s %12s %7s%n",
        "way",
        "threads",
        "quartile",
        "median",
        "/ direct",
        "- volatile",
        "/ atomic",
        "/ tracker",
        "/ getAndUnget",
        "B/call");
    for (int threads : threadCounts) {
      for (String way : WAYS) {
        row(way, threads);
      }
    }
    System.out.println();
    if (World.lane().equals("asymmetric")) {
      asymmetricTargets();
    } else {
      fencedTargets();
    }
    commonTargets();
  }

  private void row(String way, int threads) {
    System.out.printf(
        "%-14s %7d %9.2f %8.2f %8.2f %10.2f %8.2f %9.2f %12.3f %7.1f%n",
        way,
        threads,
        quantile(cpu.get(key(way, threads)), 0.25),
        cost(way, threads),
        cost(way, threads) / cost("direct", threads),
        cost(way, threads) - cost("volatileField", threads),
        cost(way, threads) / cost("atomic", threads),
        cost(way, threads) / cost("tracker", threads),
        cost(way, threads) / cost("getAndUnget", threads),
        allocated(way, threads));
  }

  private void asymmetricTargets() {
    verdicts.atMost(
        "with above a volatile-field call, ns", cost("with", 1) - cost("volatileField", 1), 2.5);
    verdicts.atLeast(
        "getService/ungetService / with", cost("getAndUnget", 1) / cost("with", 1), 12);
  }

  private void fencedTargets() {
    verdicts.atMost("with / one uncontended atomic", cost("with", 1) / cost("atomic", 1), 1.5);
    verdicts.atLeast(
        "seed's read-write lock / with", cost("readWriteLock", 1) / cost("with", 1), 2.5);
  }

  private void commonTargets() {
    verdicts.atMost("lease, taken and closed, ns", cost("lease", 1), 25);
    verdicts.atMost("with, two threads / one thread", rise("with"), 1.15);
    // what threads share of the machine, its two processors' clock and core, hits all ways alike
    String own = World.lane().equals("asymmetric") ? "volatileField" : "atomic";
    System.out.printf(
        "         (over the rise of %s: %.2f; that of volatileField is %.2f, of atomic %.2f)%n",
        own, rise("with") / rise(own), rise("volatileField"), rise("atomic"));
    verdicts.atMost("with, B/call", Math.rint(allocated("with", 1)), 0);
    verdicts.atMost("use, B/call", Math.rint(allocated("use", 1)), 0);
    verdicts.atMost("proxy above with, ns", cost("proxy", 1) - cost("with", 1), 5);
    verdicts.atMost("filtered, B/call", Math.rint(allocated("filtered", 1)), 0);
    verdicts.atMost("useEachOf3, B/call", Math.rint(allocated("useEachOf3", 1)), 0);
    verdicts.atMost("proxy, B/call", Math.rint(allocated("proxy", 1)), 0);
  }
}
