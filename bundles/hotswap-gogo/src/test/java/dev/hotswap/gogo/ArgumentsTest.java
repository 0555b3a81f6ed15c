package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  private static final Syntax SWAP = new SwapCommand(new FakeSwapper()).syntax();

  private static Arguments parse(String... words) {
    return Arguments.parse("swap", SWAP, List.of(words));
  }

  @Test
  void optionsStandAnywhereAndOperandsKeepTheirOrder() {
    Arguments given = parse("--why", "it is time", "b.jar", "--in-place", "a.jar", "--drain=5s");
    assertThat(given.operands()).containsExactly("b.jar", "a.jar");
    assertThat(given.text("--why")).contains("it is time");
    assertThat(given.has("--in-place")).isTrue();
    assertThat(given.time("--drain")).contains(Duration.ofSeconds(5));
    assertThat(given.policy("--on-deadline")).isEmpty();
  }

  @Test
  void afterTwoDashesThereAreOnlyOperands() {
    assertThat(parse("--", "--why", "a.jar").operands()).containsExactly("--why", "a.jar");
  }

  @Test
  void valueMayBeEmptyOrHoldAnEqualsSign() {
    assertThat(parse("a.jar", "--why=").text("--why")).contains("");
    assertThat(parse("a.jar", "--why=x=y").text("--why")).contains("x=y");
  }

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "30s, PT30S", "10min, PT10M", "2h, PT2H", "0ms, PT0S", "7 s, PT7S"})
  void timesHaveAUnit(String word, Duration time) {
    assertThat(parse("a.jar", "--drain", word).time("--drain")).contains(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "s", "-1s", "1.5s", "1d", "9999999999s", ""})
  void whatIsNoTimeIsNotUnderstood(String word) {
    assertThatThrownBy(() -> parse("a.jar", "--drain=" + word).time("--drain"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("write it like 500ms, 30s, 10min or 1h");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--what a.jar | there is no option --what; it takes --why, --in-place, --drain, --on-deadline",
        "a.jar --why | --why needs a value, TEXT",
        "a.jar --in-place=yes | --in-place takes no value",
        "a.jar --in-place --in-place | --in-place stands there twice",
        "--in-place | there is something missing; write it as: swap FILE..."
      })
  void whatMakesNoSenseIsSaidInOneSentence(String line, String sentence) {
    assertThatThrownBy(() -> parse(line.trim().split(" ")))
        .isInstanceOf(UsageException.class)
        .hasMessage("swap: " + sentence);
  }

  @Test
  void oneWordTooManyIsNamed() {
    assertThatThrownBy(
            () ->
                Arguments.parse(
                    "history", Syntax.optionally(Kind.PLUGIN), List.of("rules", "more")))
        .hasMessage("history: 'more' is one word too many; write it as: history [PLUGIN]");
    assertThatThrownBy(() -> Arguments.parse("list", Syntax.NOTHING, List.of("--all")))
        .hasMessage("list: there is no option --all; it takes none");
  }
}
