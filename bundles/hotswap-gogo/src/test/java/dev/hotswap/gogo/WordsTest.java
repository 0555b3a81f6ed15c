package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WordsTest {
  private static final Instant AT = FakeSwapper.NOON;
  private static final Calls CALLS = new Calls(5, 3, 0);

  static Stream<SwapEvent> events() {
    return Stream.of(
        new SwapEvent.RollingBack(7, AT, "rules", List.of(Given.SECOND), List.of(Given.FIRST)),
        new SwapEvent.Staged(7, AT, Given.SECOND),
        new SwapEvent.Published(
            7, AT, "rules", Optional.of(Given.FIRST), Optional.of(Given.SECOND)),
        new SwapEvent.Answered(7, AT, Given.SECOND, "com.acme.Tripling of rules#2"),
        new SwapEvent.Unchanged(7, AT, Given.SECOND),
        new SwapEvent.Refused(7, AT, Given.REFUSAL),
        new SwapEvent.DrainOverdue(
            7, AT, Given.FIRST, Duration.ofSeconds(30), CALLS, List.of(Given.HOLDER)),
        new SwapEvent.Interrupted(7, AT, Given.FIRST, List.of(Given.HOLDER)),
        new SwapEvent.Reversed(7, AT, Given.SECOND, Given.FIRST),
        new SwapEvent.Forced(7, AT, Given.FIRST, Duration.ofSeconds(30), CALLS, List.of()),
        new SwapEvent.Drained(7, AT, Given.FIRST, Duration.ofMillis(12), CALLS),
        new SwapEvent.KeptByDependents(7, AT, Given.FIRST, List.of("billing")),
        new SwapEvent.StoodBy(7, AT, Given.FIRST),
        new SwapEvent.Reclaimed(7, AT, Given.FIRST),
        new SwapEvent.LeftBehind(
            7,
            AT,
            Given.FIRST,
            new Leftover(
                Leftover.Kind.values()[0], "com.acme.Driver", true, "deregister it in stop")),
        new SwapEvent.Judged(7, AT, Given.FIRST, Verdict.HELD, Duration.ofMinutes(2)),
        new SwapEvent.PathFound(
            7,
            AT,
            Given.FIRST,
            new HoldingPath(
                Given.FIRST, Verdict.HELD, "thread timer", List.of("its loader"), "end it")),
        new SwapEvent.FellBack(0, AT, Given.SECOND, Optional.of(Given.FIRST), "it threw"),
        new SwapEvent.Withdrawn(0, AT, Given.SECOND, "stopped by somebody", CALLS, List.of()));
  }

  @Test
  void thereIsAnExampleOfEveryEvent() {
    assertThat(events().map(Object::getClass))
        .containsAll(Arrays.<Class<?>>asList(SwapEvent.class.getPermittedSubclasses()));
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyEventIsASentenceAndNoDump(SwapEvent event) {
    assertThat(Words.of(event)).contains("rules ").doesNotContain("[", "]", "Optional");
  }

  @Test
  void fallingBackSaysFromWhatToWhatAndWhy() {
    assertThat(
            Words.of(
                new SwapEvent.FellBack(0, AT, Given.SECOND, Optional.of(Given.FIRST), "it threw")))
        .isEqualTo("fell back from rules generation 2 (2.0.0) to generation 1 (1.0.0): it threw");
    assertThat(Words.of(new SwapEvent.FellBack(0, AT, Given.SECOND, Optional.empty(), "it threw")))
        .isEqualTo("fell back from rules generation 2 (2.0.0), which is left out: it threw");
  }

  @Test
  void anUnloadTakesAway() {
    assertThat(
            Words.of(
                new SwapEvent.Published(
                    7, AT, "rules", Optional.of(Given.FIRST), Optional.empty())))
        .isEqualTo("took away rules 1 (1.0.0)");
  }

  @Test
  void whatAnOperatorShouldLookAtIsBad() {
    assertThat(events().filter(Words::isBad).map(event -> event.getClass().getSimpleName()))
        .containsExactly(
            "Refused",
            "DrainOverdue",
            "Interrupted",
            "Reversed",
            "Forced",
            "LeftBehind",
            "Judged",
            "PathFound",
            "FellBack",
            "Withdrawn");
  }

  @ParameterizedTest
  @EnumSource
  void everyStepHasWords(Step step) {
    assertThat(Words.of(step)).isNotBlank().isNotEqualToIgnoringCase(step.name());
  }

  @Test
  void timesAreAsLongAsTheyNeedToBe() {
    assertThat(Words.time(Duration.ofNanos(1_234_000))).isEqualTo("1.23 ms");
    assertThat(Words.time(Duration.ofMillis(1234))).isEqualTo("1234 ms");
    assertThat(Words.time(Duration.ofMillis(12_340))).isEqualTo("12.3 s");
    assertThat(Words.lasting(Duration.ofMillis(4_200))).isEqualTo("4.2 s");
    assertThat(Words.lasting(Duration.ofSeconds(125))).isEqualTo("2 min 5 s");
  }
}
