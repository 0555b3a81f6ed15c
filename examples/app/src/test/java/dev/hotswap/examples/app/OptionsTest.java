package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  @Test
  void noArgumentsMeanTenPlainSeconds() {
    Options options = Options.parse();

    assertThat(options.length()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.live()).isFalse();
    assertThat(options.help()).isFalse();
    assertThat(options.stdin()).isEmpty();
  }

  @Test
  void optionsCombineInAnyOrder() {
    Options options = Options.parse("--seconds", "3", "--live");

    assertThat(options).isEqualTo(Options.parse("--live", "--seconds", "3"));
    assertThat(options.length()).isEqualTo(Duration.ofSeconds(3));
    assertThat(options.live()).isTrue();
  }

  @Test
  void stdinTakesTheFirstJar() {
    assertThat(Options.parse("--stdin", "my v1.jar").stdin()).contains(Path.of("my v1.jar"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help"})
  void helpIsAsked(String word) {
    assertThat(Options.parse(word).help()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--fast", "v1.jar", "", "-x"})
  void anUnknownOptionIsNamedInOneSentence(String word) {
    assertThatThrownBy(() -> Options.parse(word))
        .isInstanceOf(Options.NotUnderstoodException.class)
        .hasMessage(
            "hotswap demo: unknown option '" + word + "'; './hotswap help' lists what there is.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "86401", "99999999999", "-3", "ten", "1.5", ""})
  void aLengthOutOfRangeIsRefusedWithTheRange(String seconds) {
    assertThatThrownBy(() -> Options.parse("--seconds", seconds))
        .isInstanceOf(Options.NotUnderstoodException.class)
        .hasMessageContaining("a whole number from 2 to 86400, not '" + seconds + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--seconds", "--stdin"})
  void aMissingValueIsSaid(String option) {
    assertThatThrownBy(() -> Options.parse(option))
        .isInstanceOf(Options.NotUnderstoodException.class)
        .hasMessageContaining(option + " needs a value");
  }

  @Test
  void aPathThatCannotBeIsSaid() {
    assertThatThrownBy(() -> Options.parse("--stdin", "a\0b"))
        .isInstanceOf(Options.NotUnderstoodException.class)
        .hasMessageContaining("is no path");
  }
}
