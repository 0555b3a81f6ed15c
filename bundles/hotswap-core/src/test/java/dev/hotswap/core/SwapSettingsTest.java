package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.SwapOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwapSettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "PT24000H0.001S", "PT2562047788015215H30M7S"})
  void whatIsNoDrainDeadlineForTheHostIsNoneForASwapEither(String text) {
    Duration deadline = Duration.parse(text);
    assertThatThrownBy(() -> SwapSettings.DEFAULT.withDrainDeadline(deadline))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("; it must be from 0 ms to 24000 h");
    assertThatThrownBy(() -> SwapOptions.NONE.withDrainDeadline(deadline))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("; it must be from 0 ms to 24000 h");
  }

  @Test
  void theLongestOfTheHostIsTheLongestOfASwap() {
    Duration longest = Duration.ofHours(24_000);
    assertThat(SwapSettings.DEFAULT.withDrainDeadline(longest).drainDeadline()).isEqualTo(longest);
    assertThat(SwapOptions.NONE.withDrainDeadline(longest).drainDeadline()).contains(longest);
  }
}
