package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Generation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LiveLineTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void saysTheRateSinceTheLastMomentShown() {
    LiveLine line = new LiveLine(out, false);
    line.show(moment(1_000, 500));
    line.show(moment(3_000, 4_500));

    assertThat(text().lines())
        .containsExactly(
            "   1.0 s  generation 7 (2.0.0)            500 calls/s   3 in flight    6 swaps",
            "   3.0 s  generation 7 (2.0.0)          2,000 calls/s   3 in flight    6 swaps");
  }

  @Test
  void withoutATerminalThereIsOneLineASecondAndNoControlCharacter() {
    LiveLine line = new LiveLine(out, false);
    for (int millis = 200; millis <= 2_000; millis += 200) {
      line.show(moment(millis, millis));
    }
    line.say("refused");

    assertThat(text().lines()).hasSize(3).last().isEqualTo("refused");
    assertThat(text()).doesNotContain("\r", "\033");
  }

  @Test
  void onATerminalEveryMomentRewritesTheLineAndTheSaidStays() {
    LiveLine line = new LiveLine(out, true);
    line.show(moment(200, 1));
    line.say("refused");
    line.show(moment(400, 2));

    String[] written = text().split("\r\033\\[K");
    assertThat(written).hasSize(4);
    assertThat(written[1]).contains("0.2 s").doesNotContain("\n");
    assertThat(written[2]).isEqualTo("refused" + System.lineSeparator());
    assertThat(written[3]).contains("0.4 s").doesNotContain("\n");
  }

  @Test
  void theLineFitsATerminal() {
    LiveLine line = new LiveLine(out, false);
    line.show(moment(86_400_000, 86_400L * 99_999_999L));

    assertThat(text().stripTrailing().length()).isLessThan(80);
  }

  private static LiveLine.Moment moment(long millis, long calls) {
    Generation current = new Generation("rules", 7, "2.0.0", "0".repeat(64));
    return new LiveLine.Moment(Duration.ofMillis(millis), current, calls, 3, 6);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
