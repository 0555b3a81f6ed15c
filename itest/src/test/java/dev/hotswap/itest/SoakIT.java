package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Swap;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Swaps under load with little memory, as often as {@code soak.swaps} says, and looks at what the
 * process holds after each so manieth of them: no quantity may go up with the swaps, and none of
 * the generations that left may ever be called held. With {@code soak.plot} it draws the
 * quantities.
 */
@Tag("little-metaspace") // see the build
class SoakIT {
  private static final int SWAPS = Integer.getInteger("soak.swaps", 400);
  private static final int SAMPLES = 40;
  private static final int EVERY = Math.max(1, SWAPS / SAMPLES);

  /** The JVM compiles and loads its own for that long. */
  private static final int WARM_UP = Math.max(100, SWAPS / 20);

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final double MIB = 1 << 20;

  @TempDir Path folder;
  private final Loaders loaders = new Loaders();
  private final Map<Trend, ToLongFunction<Footprint>> trends = new LinkedHashMap<>();
  private final List<Footprint> samples = new ArrayList<>();
  private final List<Double> sampledAt = new ArrayList<>();
  private Calls retired = Calls.NONE;
  private long calls;
  private long failed;
  private int build;

  SoakIT() {
    // the slack: what compiled code and caches of the JDK's add, whatever the number of swaps. In
    // 10,000 swaps 1.5 MiB of heap are 157 bytes a swap, and 3 MiB of metaspace 315
    trends.put(new Trend("heap after GC", "MiB", MIB, 1.5), Footprint::heap);
    trends.put(new Trend("metaspace", "MiB", MIB, 3), Footprint::metaspace);
    trends.put(new Trend("compressed class space", "MiB", MIB, 0.3), Footprint::classSpace);
    trends.put(new Trend("file descriptors", "open", 1, 3), Footprint::descriptors);
    trends.put(new Trend("threads", "live", 1, 2), Footprint::threads);
    trends.put(new Trend("bundle cache", "files", 1, 0.5), Footprint::cacheFiles);
    trends.put(new Trend("content store", "files", 1, 0.5), Footprint::storeFiles);
  }

  @Test
  @Timeout(value = 12, unit = TimeUnit.HOURS)
  void nothingGrowsWithTheNumberOfSwaps() throws Exception {
    Path data = folder.resolve("data");
    long start = System.nanoTime();
    Leaks.Count count;
    try (Host host = open(data)) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      swapUnderLoad(host, greeter, WARM_UP);
      for (int swapped = EVERY; swapped <= SWAPS; swapped += EVERY) {
        swapUnderLoad(host, greeter, EVERY);
        sample(data, swapped);
      }
      host.leaks().collectNow(LIMIT);
      count = host.leaks().count();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    int swaps = build - 1; // the first build replaced none
    System.out.printf(
        "SoakIT: swaps=%d, %d of them to warm up, in %d s; JDK %s%n",
        swaps, swaps - SWAPS, took.toSeconds(), System.getProperty("java.version"));
    System.out.printf("SoakIT: calls=%d failed=%d threw=%d%n", calls, failed, retired.threw());
    System.out.printf(
        "SoakIT: held=%d of %d, collected=%d%n", count.held(), swaps, count.collected());
    trends.keySet().forEach(trend -> System.out.println("SoakIT: " + trend));
    plot();
    assertThat(failed).isZero();
    assertThat(retired.threw()).isZero();
    assertThat(count).isEqualTo(new Leaks.Count(swaps, 0, 0));
    assertThat(trends.keySet()).allMatch(Trend::isFlat);
  }

  /**
   * Whatever the JVM spares twice is called held at once, not after a minute; but threads of
   * Equinox's hold what has left for a moment more.
   */
  private static Host open(Path data) {
    return Hosts.builder()
        .standby(Duration.ZERO)
        .verdictAfter(Hosts.areOnEquinox() ? LIMIT : Duration.ZERO)
        .share(Greeter.class)
        .data(data)
        .open();
  }

  private void swapUnderLoad(Host host, Handle<Greeter> greeter, int swaps) throws Exception {
    List<Swap> draining = new ArrayList<>();
    if (build == 0) {
      draining.add(swap(host, greeter));
    }
    Greeter kept = greeter.proxy();
    try (Callers callers = new Callers()) {
      callers.start("with", () -> greeter.with(Greeter::version)).start("proxy", kept::version);
      for (int i = 0; i < swaps; i++) {
        draining.add(swap(host, greeter));
      }
      callers.stop();
      callers.failures().forEach(failure -> System.out.println("SoakIT: " + failure));
      failed += callers.failures().size();
      calls += callers.calls();
    }
    for (Swap swap : draining) {
      Calls ended =
          swap.awaitReclaimed(LIMIT).retirement().map(Retirement::calls).orElse(Calls.NONE);
      assertThat(ended.inFlight()).isZero();
      retired = retired.plus(ended);
    }
  }

  private Swap swap(Host host, Handle<Greeter> greeter) {
    Swap swap = host.swap(PluginJar.greeter("1.0." + build).as(folder.resolve("next.jar")));
    greeter.use(loaders::add);
    build++;
    return swap;
  }

  private void sample(Path data, int swapped) {
    await().atMost(LIMIT).until(() -> loaders.live() == 1);
    loaders.forgetCollected();
    Footprint footprint = Footprint.of(data);
    samples.add(footprint);
    sampledAt.add((double) swapped);
    trends.forEach((trend, quantity) -> trend.add(swapped, quantity.applyAsLong(footprint)));
  }

  private void plot() throws Exception {
    String file = System.getProperty("soak.plot");
    if (file == null) {
      return;
    }
    SoakPlot plot = new SoakPlot();
    trends.forEach(
        (trend, quantity) -> {
          List<Double> values =
              samples.stream().map(each -> trend.scaled(quantity.applyAsLong(each))).toList();
          plot.add(trend, sampledAt, values);
        });
    plot.save(Path.of(file));
    System.out.println("SoakIT: drawn in " + file);
  }
}
