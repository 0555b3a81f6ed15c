package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {
  private final List<Lifetime> lifetimes =
      List.of(
          lifetime(1, "1.0.0", new Calls(1_000_000, 999_998, 2), 4),
          lifetime(2, "2.0.0", new Calls(20, 20, 0), 1),
          lifetime(3, "1.0.0", new Calls(5, 5, 0), 6));

  @Test
  void hasARowForEachVersionAndTheSum() {
    List<Duration> times =
        List.of(Duration.ofMillis(9), Duration.ofMillis(3), Duration.ofMillis(5));

    assertThat(Table.of(lifetimes, times))
        .map(line -> line.replaceAll(" +", " "))
        .containsExactly(
            "version generations started returned threw drain median max",
            "1.0.0 2 1,000,005 1,000,003 2 6.00 ms 6.00 ms",
            "2.0.0 1 20 20 0 1.00 ms 1.00 ms",
            "all 3 1,000,025 1,000,023 2 4.00 ms 6.00 ms",
            "swap: median 5.00 ms, max 9.00 ms");
  }

  @Test
  void sumsTheCallsOfAllGenerations() {
    assertThat(Table.sum(lifetimes)).isEqualTo(new Calls(1_000_025, 1_000_023, 2));
  }

  private static Lifetime lifetime(long number, String version, Calls calls, long drainMillis) {
    return new Lifetime(
        new Generation("rules", number, version, "0".repeat(64)),
        calls,
        Optional.of(Duration.ofMillis(drainMillis)));
  }
}
