package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run of 10,000 swaps would see of a leak, and what it would not take for one. */
@Tag("no-framework")
class TrendIT {
  private static final int SWAPS = 10_000;
  private static final int EVERY = SWAPS / 40;
  private static final double MIB = 1 << 20;
  private static final double KIB = 1 << 10;

  /**
   * The heap of such a run.
   *
   * @param bytes how much each swap leaks
   * @param noise how much the samples differ, in bytes
   */
  private static Trend heap(double bytes, double noise) {
    Trend trend = new Trend("heap after GC", "MiB", MIB, 1.5);
    Random random = new Random(7);
    for (int swapped = EVERY; swapped <= SWAPS; swapped += EVERY) {
      trend.add(swapped, (long) (20 * MIB + bytes * swapped + noise * random.nextGaussian()));
    }
    return trend;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 3.8, 10})
  void aLeakOfThatManyKibibytesASwapGrows(double leaked) {
    assertThat(heap(leaked * KIB, 0.3 * MIB))
        .satisfies(
            trend -> {
              assertThat(trend.isFlat()).isFalse();
              assertThat(trend.toString()).endsWith("GROWS");
            });
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 40, 100})
  void whatTheJvmAddsIsFlat(double bytes) {
    assertThat(heap(bytes, 0.3 * MIB).isFlat()).isTrue();
  }

  /** It was called flat: growth was not proved. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2, 3.8})
  void noiseDoesNotPassForFlat(double leaked) {
    assertThat(heap(leaked * KIB, 60 * MIB).isFlat()).isFalse();
  }

  @Test
  void noiseIsToldFromGrowth() {
    assertThat(heap(0, 60 * MIB).toString()).endsWith("TOO NOISY TO SAY");
  }

  @Test
  void samplesThatAreAllTheSameAreFlat() {
    assertThat(heap(0, 0).isFlat()).isTrue();
  }
}
