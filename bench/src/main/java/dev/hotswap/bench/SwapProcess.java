package dev.hotswap.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Swaps, and by turns the same in a bare Felix, in a process of its own, as JMH forks: what the JIT
 * compiler makes of the same code differs by some percent from one process to the next.
 */
final class SwapProcess {
  /** So many are told apart from the rest. */
  static final int FIRST = 100;

  /** Spare threads are started two milliseconds after a swap has taken the first. */
  private static final long SETTLED_NANOS = 5_000_000;

  private SwapProcess() {}

  /** What is measured, in the order in which it is printed. */
  enum Of {
    OURS,
    THEIRS,
    OURS_FIRST,
    THEIRS_FIRST
  }

  /**
   * The percentiles that one process measured, in nanoseconds.
   *
   * @param times of each {@link Of} p50, p90 and p99
   */
  record Times(List<Long> times) {
    List<Long> of(Of of) {
      return times.subList(3 * of.ordinal(), 3 * of.ordinal() + 3);
    }

    /** Of the medians. */
    double ratio(Of one, Of other) {
      return of(one).get(0) / (double) of(other).get(0);
    }
  }

  /** Starts one, and waits for it. */
  static Times run(int warmUps, int swaps) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SwapProcess.class.getName(), "" + warmUps, "" + swaps));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes());
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException("a process of swaps ended with " + status);
    }
    String last =
        printed.lines().reduce("", (before, line) -> line); // the JVM's warnings before it
    return new Times(Arrays.stream(last.split(" ")).map(Long::valueOf).toList());
  }

  /** p50, p90 and p99. */
  static List<Long> percentiles(Histogram nanos) {
    return Stream.of(50, 90, 99).map(nanos::getValueAtPercentile).toList();
  }

  /** How many swaps come first, untimed but for the very first, and how many are timed then. */
  public static void main(String... args) throws Exception {
    Path folder = Files.createTempDirectory("hotswap-bench");
    try (SwappedRules rules = new SwappedRules(folder);
        BareFelix bare = new BareFelix(folder)) {
      List<Histogram> times =
          times(rules, bare, Integer.parseInt(args[0]), Integer.parseInt(args[1]));
      System.out.println(
          times.stream()
              .flatMap(each -> percentiles(each).stream())
              .map(String::valueOf)
              .collect(Collectors.joining(" ")));
    }
    BareFelix.delete(folder);
  }

  private static List<Histogram> times(SwappedRules rules, BareFelix bare, int warmUps, int swaps)
      throws Exception {
    List<Histogram> times = Stream.of(Of.values()).map(of -> new Histogram(3)).toList();
    for (int i = -warmUps; i < swaps; i++) {
      long begun = System.nanoTime();
      long swapped = rules.swap();
      if (i < FIRST - warmUps || i >= -FIRST) { // else there are a hundred more seconds to wait
        settle(begun);
      }
      long installed = bare.start(rules.nextJar());
      if (i < FIRST - warmUps) {
        times.get(Of.OURS_FIRST.ordinal()).recordValue(swapped);
        times.get(Of.THEIRS_FIRST.ordinal()).recordValue(installed);
      } else if (i >= 0) {
        times.get(Of.OURS.ordinal()).recordValue(swapped);
        times.get(Of.THEIRS.ordinal()).recordValue(installed);
      }
    }
    return times;
  }

  /** Until what a swap leaves for later is over, so that it is not in the other's time. */
  private static void settle(long begun) {
    while (System.nanoTime() - begun < SETTLED_NANOS) {
      Thread.onSpinWait();
    }
  }
}
