package dev.hotswap.bench;

import dev.hotswap.api.Handle;
import dev.hotswap.bench.contract.Rules;
import dev.hotswap.host.Host;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a call costs while a generation that has left is held and watched, against one of a host
 * where nothing is: processor time of the calling thread, in turns in one run.
 */
public final class WatchedCalls {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int CALLS = 10_000_000;
  private static final int WARM_UPS = 6;
  private static final int ROUNDS = 25;

  /** As a ratio; two measurements of nothing at all differ by some hundredths. */
  private static final double NO_DEARER = 1.05;

  private static Object sink;

  private WatchedCalls() {}

  public static void main(String... args) throws Exception {
    Verdicts verdicts = new Verdicts();
    List<Rules> kept = new ArrayList<>();
    Path folder = Files.createTempDirectory("hotswap-bench");
    try (Host none = open();
        Host held = open()) {
      Handle<Rules> beside = swapOnce(none, folder, 1, new ArrayList<>());
      Handle<Rules> watched = swapOnce(held, folder, 3, kept);
      if (none.leaks().count().held() != 0 || held.leaks().count().held() != 1) {
        throw new IllegalStateException(none.leaks().count() + ", " + held.leaks().count());
      }
      List<Double> without = new ArrayList<>();
      List<Double> with = new ArrayList<>();
      for (int round = -WARM_UPS; round < ROUNDS; round++) {
        double one = nanos(beside);
        double other = nanos(watched);
        if (round >= 0) {
          without.add(one);
          with.add(other);
        }
      }
      System.out.printf(
          "%nJDK %s; a call in ns, medians: %.2f, and %.2f beside a watched generation%n",
          System.getProperty("java.version"), median(without), median(with));
      verdicts.atMost(
          "a call beside a watched generation", median(with) / median(without), NO_DEARER);
      Reference.reachabilityFence(kept);
    } finally {
      BareFelix.delete(folder);
    }
    System.exit(verdicts.close());
  }

  private static Host open() {
    return Host.builder()
        .standby(Duration.ZERO)
        .verdictAfter(Duration.ZERO)
        .share(Rules.class)
        .open();
  }

  private static Handle<Rules> swapOnce(Host host, Path folder, int version, List<Rules> kept)
      throws Exception {
    Handle<Rules> rules = host.handle(Rules.class);
    host.swap(PluginJar.write(folder, "bench.rules", version)).awaitReclaimed(LIMIT);
    if (version > 1) {
      rules.use(kept::add); // which holds its generation
    }
    host.swap(PluginJar.write(folder, "bench.rules", version + 1)).awaitReclaimed(LIMIT);
    host.leaks().collectNow(LIMIT);
    return rules;
  }

  private static double nanos(Handle<Rules> rules) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < CALLS; i++) {
      sink = rules.with(Rules::evaluate);
    }
    long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    return (end - start) / (double) CALLS;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
