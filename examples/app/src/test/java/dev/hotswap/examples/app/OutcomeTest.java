package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeTest {
  private static final Outcome GOOD = new Outcome(49, 1_000, 1_000, 1_000, 0, 0, 0, 1, List.of());

  @Test
  void theLastLineHasEveryCountAndNothingElse() {
    assertThat(GOOD.line())
        .isEqualTo(
            "demo: swaps=49 calls=1000 started=1000 returned=1000"
                + " failed=0 stale=0 mixed=0 loaders=1");
  }

  @Test
  void exitsZeroWhenEveryPromiseHeld() {
    assertThat(GOOD.broken()).isEmpty();
    assertThat(GOOD.exitCode()).isZero();
  }

  @ParameterizedTest
  @MethodSource
  void exitsOneWhenAnyDidNot(Outcome outcome, String why) {
    assertThat(outcome.broken()).anySatisfy(broken -> assertThat(broken).contains(why));
    assertThat(outcome.exitCode()).isOne();
  }

  static Stream<Arguments> exitsOneWhenAnyDidNot() {
    return Stream.of(
        bad(new Outcome(0, 9, 9, 9, 0, 0, 0, 1, List.of()), "nothing was swapped"),
        bad(new Outcome(1, 0, 0, 0, 0, 0, 0, 1, List.of()), "nothing was called"),
        bad(new Outcome(1, 9, 8, 8, 0, 0, 0, 1, List.of()), "made 9 calls, the host counted 8"),
        bad(new Outcome(1, 9, 10, 10, 0, 0, 0, 1, List.of()), "the host counted 10"),
        bad(new Outcome(1, 9, 9, 8, 0, 0, 0, 1, List.of()), "1 calls did not return"),
        bad(new Outcome(1, 9, 9, 9, 2, 0, 0, 1, List.of()), "2 calls failed"),
        bad(new Outcome(1, 9, 9, 9, 0, 3, 0, 1, List.of()), "3 calls were answered by older"),
        bad(new Outcome(1, 9, 9, 9, 0, 0, 4, 1, List.of()), "4 calls were answered by two"),
        bad(new Outcome(1, 9, 9, 9, 0, 0, 0, 2, List.of()), "2 class loaders"),
        bad(new Outcome(1, 9, 9, 9, 0, 0, 0, 0, List.of()), "0 class loaders"),
        bad(new Outcome(1, 9, 9, 9, 0, 0, 0, 1, List.of("it rained")), "it rained"));
  }

  private static Arguments bad(Outcome outcome, String why) {
    return Arguments.of(outcome, why);
  }
}
