package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwapOptionsTest {
  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "PT24000H0.001S", "PT2562047788015215H30M7S"})
  void drainDeadlineOutOfRangeIsRefusedAndTheRangeNamed(String text) {
    Duration deadline = Duration.parse(text);
    assertThatThrownBy(() -> SwapOptions.NONE.withDrainDeadline(deadline))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the drain deadline of the swap is "
                + deadline
                + "; it must be from 0 ms to 24000 h, as drain.deadline of the host. Nothing was"
                + " swapped.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT24000H"})
  void bothEndsOfTheRangeAreTaken(String text) {
    Duration deadline = Duration.parse(text);
    assertThat(SwapOptions.NONE.withDrainDeadline(deadline).drainDeadline()).contains(deadline);
  }
}
