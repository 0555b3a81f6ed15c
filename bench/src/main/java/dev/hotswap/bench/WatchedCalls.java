package dev.hotswap.bench;

import dev.hotswap.api.Handle;
import dev.hotswap.bench.contract.Rules;
import dev.hotswap.host.Host;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a call costs while a generation that has left is held and watched, against the same call
 * when that is collected: processor time of the calling thread, in one run.
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
    try (Host host = open()) {
      // one handle and one current generation: of two, the JIT compiler treats one worse
      Handle<Rules> rules = swapTwice(host, folder, kept);
      require(host.leaks().count().held() == 1, host);
      double with = median(rounds(rules));
      kept.clear();
      host.leaks().collectNow(LIMIT);
      require(host.leaks().count().collected() == 1, host);
      double without = median(rounds(rules));
      System.out.printf(
          "%nJDK %s; a call in ns, medians: %.2f, and %.2f beside a watched generation%n",
          System.getProperty("java.version"), without, with);
      verdicts.atMost("a call beside a watched generation", with / without, NO_DEARER);
    } finally {
      BareFelix.delete(folder);
    }
    System.exit(verdicts.close());
  }

  private static void require(boolean so, Host host) {
    if (!so) {
      throw new IllegalStateException(host.leaks().count().toString());
    }
  }

  private static Host open() {
    return Host.builder()
        .standby(Duration.ZERO)
        .verdictAfter(Duration.ZERO)
        .share(Rules.class)
        .open();
  }

  private static Handle<Rules> swapTwice(Host host, Path folder, List<Rules> kept)
      throws Exception {
    Handle<Rules> rules = host.handle(Rules.class);
    host.swap(PluginJar.write(folder, "bench.rules", 1)).awaitReclaimed(LIMIT);
    rules.use(kept::add); // which holds its generation
    host.swap(PluginJar.write(folder, "bench.rules", 2)).awaitReclaimed(LIMIT);
    host.leaks().collectNow(LIMIT);
    return rules;
  }

  private static List<Double> rounds(Handle<Rules> rules) {
    List<Double> nanos = new ArrayList<>();
    for (int round = -WARM_UPS; round < ROUNDS; round++) {
      double each = nanos(rules);
      if (round >= 0) {
        nanos.add(each);
      }
    }
    return nanos;
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
