package dev.hotswap.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunOptionsTest {
  @Test
  void withoutWordsAllIsLeftToTheDefaults() {
    RunOptions options = RunOptions.parse();
    assertThat(options.data()).isEmpty();
    assertThat(options.config()).isEmpty();
    assertThat(options.watch()).isEmpty();
    assertThat(options.shell()).isTrue();
  }

  @Test
  void everyOptionIsTakenAndFoldersAreAbsolute() {
    RunOptions options =
        RunOptions.parse(
            "--data=/var/lib/x", "--config", "conf/../etc", "--watch", "w", "--no-shell");
    assertThat(options.data()).contains(Path.of("/var/lib/x"));
    assertThat(options.config()).contains(Path.of("etc").toAbsolutePath());
    assertThat(options.watch()).contains(Path.of("w").toAbsolutePath());
    assertThat(options.shell()).isFalse();
  }

  @Test
  void lastOneCounts() {
    assertThat(RunOptions.parse("--data", "/a", "--data", "/b").data())
        .isEqualTo(Optional.of(Path.of("/b")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--frob | there is no option '--frob'",
        "swap | there is no option 'swap'",
        "--data | --data needs a value, a folder",
        "--data= | --data needs a value, a folder, and not ''",
        "--watch --no-shell | --watch needs a value, a folder, and not '--no-shell'",
        "--no-shell=yes | --no-shell takes no value"
      })
  void whatMakesNoSenseIsOneSentence(String line, String sentence) {
    assertThatThrownBy(() -> RunOptions.parse(line.trim().split(" ")))
        .isInstanceOf(RunOptions.NotUnderstoodException.class)
        .hasMessage("hotswap run: " + sentence + "; './hotswap help' lists what there is.");
  }

  @Test
  void pathThatIsNoneIsNotUnderstood() {
    assertThatThrownBy(() -> RunOptions.parse("--data", "a\0b"))
        .isInstanceOf(RunOptions.NotUnderstoodException.class)
        .hasMessageContaining("is no path");
  }
}
