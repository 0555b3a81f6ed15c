package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Swap;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one swap leaves behind is nothing, and so is what {@code many.swaps} of them do: 2,000. */
@Timeout(300)
@Tag("little-metaspace") // see the build
class ManySwapsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int WARM_UP = 200;
  private static final int SWAPS = Integer.getInteger("many.swaps", 2_000);

  /** Compiled code and the JDK's own classes still come in after the warm-up: a few hundred KB. */
  private static final long METASPACE_SLACK = 2L << 20;

  /** A jar or two that the JDK opens late. One descriptor a swap would be 1,800. */
  private static final long DESCRIPTOR_SLACK = 3;

  /** The JDK may start one of its own. One thread a swap would be 1,800. */
  private static final long THREAD_SLACK = 2;

  @TempDir Path folder;
  private final Loaders loaders = new Loaders();
  private final List<Swap> draining = new ArrayList<>();
  private Path data;
  private Host host;
  private Handle<Greeter> greeter;
  private Calls retired = Calls.NONE;
  private long calls;
  private long looks;

  private void open(Host.Builder builder) {
    data = folder.resolve("data");
    host = builder.share(Greeter.class).data(data).open();
    greeter = host.handle(Greeter.class);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void manySwapsUnderLoadLeaveNothingBehindAndLoseNoCall() throws Exception {
    open(Hosts.builder().standby(Duration.ZERO));
    staysFlat(SWAPS, 1);
  }

  /** As a host is opened: the generation before stands by, until the next swap. */
  @Test
  void manySwapsLeaveNoMoreThanWhatStandsBy() throws Exception {
    open(Hosts.builder());
    staysFlat(WARM_UP + SWAPS / 10, 2);
  }

  private void staysFlat(int swaps, int mostLoaders) throws Exception {
    swapIn(0);
    long start = System.nanoTime();
    swapUnderLoad(1, WARM_UP);
    Footprint warm = footprint(mostLoaders);
    swapUnderLoad(WARM_UP + 1, swaps);
    Footprint end = footprint(mostLoaders);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    unload();
    long expected = calls + looks + 1 + swaps; // with one probe for each generation
    System.out.printf(
        "ManySwapsIT: swaps=%d calls=%d failed=0 in %d s; after %d swaps %s; at the end %s%n",
        swaps, calls, took.toSeconds(), WARM_UP, warm, end);
    assertThat(retired).isEqualTo(new Calls(expected, expected, 0));
    assertThat(loaders.seen()).isEqualTo(1 + swaps);
    assertThat(end.loaders()).isEqualTo(mostLoaders);
    assertThat(end.metaspace()).isLessThan(warm.metaspace() + METASPACE_SLACK);
    assertThat(end.descriptors()).isLessThanOrEqualTo(warm.descriptors() + DESCRIPTOR_SLACK);
    assertThat(end.threads()).isLessThanOrEqualTo(warm.threads() + THREAD_SLACK);
    assertThat(end.files()).isEqualTo(warm.files());
  }

  /**
   * The callers end before what is left is measured: compiled code that is on a thread's stack
   * keeps the classes that it was compiled for, and theirs is one loop.
   */
  private void swapUnderLoad(int from, int to) throws Exception {
    Greeter kept = greeter.proxy();
    try (Callers callers = new Callers()) {
      callers.start("with", () -> greeter.with(Greeter::version)).start("proxy", kept::version);
      swapIn(from, to);
      callers.stop();
      assertThat(callers.failures()).isEmpty();
      calls += callers.calls();
    }
  }

  private void swapIn(int from, int to) throws Exception {
    for (int build = from; build <= to; build++) {
      swapIn(build);
    }
    settle();
  }

  private void swapIn(int build) {
    Path jar = PluginJar.greeter("1.0." + build).as(folder.resolve("next.jar"));
    draining.add(host.swap(jar));
    greeter.use(loaders::add);
    looks++;
  }

  private void unload() throws Exception {
    draining.add(host.unload("greeter"));
    settle();
  }

  /** Waits until everything that was swapped out is gone, and keeps its counts. */
  private void settle() throws Exception {
    for (Swap swap : draining) {
      retired =
          retired.plus(
              swap.awaitReclaimed(LIMIT).retirement().map(Retirement::calls).orElse(Calls.NONE));
    }
    draining.clear();
  }

  /** What the JVM and the data folder hold, once everything that can be collected is. */
  private Footprint footprint(int mostLoaders) {
    await().atMost(LIMIT).until(() -> loaders.live() <= mostLoaders);
    return new Footprint(loaders.live(), metaspace(), Descriptors.open(), threads(), files());
  }

  private record Footprint(
      long loaders, long metaspace, long descriptors, long threads, long files) {
    @Override
    public String toString() {
      return "loaders=%d metaspace=%dK descriptors=%d threads=%d files=%d"
          .formatted(loaders, metaspace >> 10, descriptors, threads, files);
    }
  }

  private static long metaspace() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .mapToLong(pool -> pool.getUsage().getUsed())
        .sum();
  }

  private static long threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private long files() {
    try (Stream<Path> tree = Files.walk(data)) {
      return tree.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
