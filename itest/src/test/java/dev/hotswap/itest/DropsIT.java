package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.hotswap.api.Handle;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile drops, as many as the system property {@code drops.count} says, from a seed. */
class DropsIT {
  private static final int COUNT = Integer.getInteger("drops.count", 200);
  private static final int TIMED = Integer.getInteger("drops.timed", 10);
  private static final Optional<Long> LIMIT = Optional.ofNullable(Long.getLong("drops.limit"));
  private static final long SEED =
      Long.getLong("drops.seed", new SplittableRandom().nextInt(1_000_000_000));

  private static final Logger LOG = Logger.getLogger("dev.hotswap.watch");

  @TempDir Path folder;

  @Test
  void nothingButWholeFilesIsActivatedAndEveryOtherIsExplained() {
    String how = "drops.seed=" + SEED + " drops.count=" + COUNT;
    System.out.println("DropsIT: " + how);
    Leftovers leftovers = new Leftovers();
    assertTimeoutPreemptively(Duration.ofSeconds(120 + COUNT), () -> drop(how), how);
    leftovers.awaitNoThreads();
  }

  /**
   * Printed, and judged only where {@code drops.limit} says how many milliseconds the median may
   * be, as {@code itest/drops} does: in a build a machine may be busy.
   */
  @Test
  void fromTheDropToTheFirstCallOnNewCode() throws IOException {
    Path watched = folder.resolve("watch");
    List<Duration> times = new ArrayList<>();
    try (Host host = Hosts.builder().share(Greeter.class).watch(watched).open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      drop(watched, "1.0.0");
      greeter.with(Greeter::version); // waits for it
      for (int i = 1; i <= TIMED; i++) {
        String version = "1." + i + ".0";
        long begin = drop(watched, version);
        while (!greeter.with(Greeter::version).equals(version)) {
          Thread.onSpinWait();
        }
        times.add(Duration.ofNanos(System.nanoTime() - begin));
        assertThat(host.receipts().size()).isLessThanOrEqualTo(i + 1);
      }
    }
    Collections.sort(times);
    System.out.printf(
        "DropsIT: drop to first call, of %d: median %d ms, p90 %d ms, longest %d ms%n",
        TIMED,
        times.get(TIMED / 2).toMillis(),
        times.get(TIMED * 9 / 10).toMillis(),
        times.get(TIMED - 1).toMillis());
    LIMIT.ifPresent(
        most ->
            assertThat(times.get(TIMED / 2))
                .as("median from the drop to the first call on new code")
                .isLessThanOrEqualTo(Duration.ofMillis(most)));
  }

  /** Renames a bundle of 10 KB into the folder; answers when. */
  private long drop(Path watched, String version) throws IOException {
    byte[] noise = new byte[5_000];
    new SplittableRandom(1).nextBytes(noise);
    Path written =
        PluginJar.greeter(version)
            .text("noise", HexFormat.of().formatHex(noise))
            .as(folder.resolve("greeter.jar"));
    assertThat(Files.size(written)).isBetween(9_000L, 12_000L);
    Files.setLastModifiedTime(written, FileTime.fromMillis(0));
    long begin = System.nanoTime();
    Files.move(written, watched.resolve("greeter.jar"), StandardCopyOption.ATOMIC_MOVE);
    return begin;
  }

  private void drop(String how) throws IOException {
    LOG.setLevel(Level.OFF); // a line for each drop
    try (Drops drops = new Drops(SEED, folder)) {
      try {
        drops.drop(COUNT);
        System.out.println("DropsIT: " + how + " " + drops.story());
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(how + " " + drops.story() + ": " + e.getMessage(), e);
      }
    } finally {
      LOG.setLevel(null);
    }
  }
}
