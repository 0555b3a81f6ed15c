package dev.hotswap.bench;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Swap;
import dev.hotswap.bench.SwapProcess.Of;
import dev.hotswap.bench.contract.Rules;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * How long a swap takes against a bare Felix, also with a data folder, and a rollback and a
 * handover. What is compared is measured in turns in one run, so that the machine's moods hit both.
 */
public final class SwapTable implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final double ROLLBACK_MILLIS = 5;

  private final Verdicts verdicts = new Verdicts();
  private final Path folder = Files.createTempDirectory("hotswap-bench");
  private final SwappedRules rules = new SwappedRules(folder);

  private SwapTable() throws IOException {}

  /** {@code --quick}: fewer swaps. */
  public static void main(String... args) throws Exception {
    boolean quick = List.of(args).contains("--quick");
    System.out.printf("JDK %s; 10 KB plugin%n%n", System.getProperty("java.version"));
    int missed;
    try (SwapTable table = new SwapTable()) {
      table.latency(quick ? 1 : 3, quick ? 200 : 1000);
      table.warmUp();
      table.freshHosts(quick ? 10 : 50);
      table.recorded(quick ? 50 : 200, quick ? 100 : 500);
      table.rollbacks(quick ? 20 : 50, quick ? 60 : 300);
      new Handovers(table.folder).table(quick ? 30 : 100, quick ? 60 : 300);
      System.out.println();
      missed = table.verdicts.close();
    }
    System.exit(missed);
  }

  /**
   * As in JMH, the verdict is on compiled code, and on the median of several processes; what the
   * first swaps of a process took is told.
   */
  private void latency(int processes, int swaps) throws Exception {
    List<SwapProcess.Times> all = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      all.add(SwapProcess.run(SwappedRules.SWAPS_TO_WARM_UP, swaps));
    }
    all.sort(Comparator.comparingDouble(SwapTable::ratio));
    SwapProcess.Times median = all.get(all.size() / 2);
    System.out.printf("%-44s %8s %8s %8s%n", "ms", "p50", "p90", "p99");
    row("swap, jar in hand to first call on new code", median.of(Of.OURS));
    row("bare Felix: install, resolve, start", median.of(Of.THEIRS));
    row("the first " + SwapProcess.FIRST + " swaps of the process", median.of(Of.OURS_FIRST));
    row("the first " + SwapProcess.FIRST + " in bare Felix", median.of(Of.THEIRS_FIRST));
    verdicts.atMost("swap / bare Felix, medians", ratio(median), 1.5);
    System.out.printf(
        "         (by process: %s; of the first %d swaps: %s)%n",
        told(all, SwapTable::ratio),
        SwapProcess.FIRST,
        told(all, times -> times.ratio(Of.OURS_FIRST, Of.THEIRS_FIRST)));
  }

  private static double ratio(SwapProcess.Times times) {
    return times.ratio(Of.OURS, Of.THEIRS);
  }

  private static String told(
      List<SwapProcess.Times> all, ToDoubleFunction<SwapProcess.Times> ratio) {
    return all.stream()
        .map(times -> String.format("%.2f", ratio.applyAsDouble(times)))
        .collect(Collectors.joining(", "));
  }

  /** Of this process, for what follows. */
  private void warmUp() throws Exception {
    for (int i = 0; i < 5000; i++) {
      rules.swap();
    }
  }

  /** Each in a host of its own that has swapped nothing yet; in a process that has swapped. */
  private void freshHosts(int hosts) throws Exception {
    Histogram nanos = new Histogram(3);
    for (int i = 0; i < hosts; i++) {
      Path jar = rules.nextJar();
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
    row(what, SwapProcess.percentiles(nanos));
  }

  /**
   * @param nanos p50, p90 and p99
   */
  private static void row(String what, List<Long> nanos) {
    System.out.printf(
        "%-44s %8.2f %8.2f %8.2f%n",
        what, nanos.get(0) / 1e6, nanos.get(1) / 1e6, nanos.get(2) / 1e6);
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
        Path jar = rules.nextJar();
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

  /** In a host of its own, where the generation before stands by. */
  private void rollbacks(int warmUps, int rollbacks) throws Exception {
    Histogram nanos = new Histogram(3);
    try (Host standing = Host.builder().share(Rules.class).open()) {
      Handle<Rules> standingRules = standing.handle(Rules.class);
      standing.swap(rules.nextJar()).awaitReclaimed(LIMIT);
      Object before = rules.version();
      for (int i = -warmUps; i < rollbacks; i++) {
        Path jar = rules.nextJar();
        standing.swap(jar).awaitReclaimed(LIMIT);
        long start = System.nanoTime();
        Swap back = standing.rollback(SwappedRules.PLUGIN);
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

  @Override
  public void close() throws Exception {
    rules.close();
    BareFelix.delete(folder);
  }
}
