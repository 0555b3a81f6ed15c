package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What somebody sees while a swap goes on. */
@Timeout(60)
class ProgressTest {
  private static final Progress.Pace QUICK =
      new Progress.Pace(Duration.ofMillis(5), Duration.ofMillis(5));
  private static final Progress.Pace NEVER =
      new Progress.Pace(Duration.ofDays(1), Duration.ofDays(1));

  private final FakeSwapper swapper = new FakeSwapper();

  private void swap(FakeConsole console, Progress.Pace pace, Runnable meanwhile) {
    swapper.receipts = List.of(Given.swapped());
    swapper.meanwhile = meanwhile;
    Progress.follow(swapper, console, pace, () -> swapper.swap(SwapOptions.NONE, Path.of("a.jar")));
  }

  private void tellStaged() {
    swapper.tell(new SwapEvent.Staged(7, FakeSwapper.NOON, Given.SECOND));
  }

  @Test
  void saysWhatItWaitsForAndHowLongOnALineThatIsWrittenOver() {
    FakeConsole console = FakeConsole.terminal();
    swap(
        console,
        QUICK,
        () -> {
          await(console, "waiting for its turn, 0.");
          swapper.enter(Step.PLACE);
          await(console, "waiting for an old generation to leave");
          swapper.enter(Step.START);
          await(console, "starting, 0.");
          swapper.enter(Step.HOLD);
          await(console, "callers are held");
          tellStaged();
        });
    assertThat(console.printed())
        .contains("\r\u001b[33m  starting, 0.")
        .endsWith("\r\u001b[K  staged rules generation 2 (2.0.0)\n");
    String[] lines = console.printed().split("\n");
    assertThat(lines[lines.length - 1].replaceAll("(?s).*\r", ""))
        .as("nothing of it is left")
        .isEqualTo("\u001b[K  staged rules generation 2 (2.0.0)");
  }

  @Test
  void isCutAtTheEdgeOfTheTerminal() {
    FakeConsole console = FakeConsole.terminal();
    swap(
        console,
        QUICK,
        () -> {
          swapper.enter(Step.HOLD);
          await(console, "callers are held");
        });
    assertThat(console.printed().replaceAll("\u001b\\[[0-9]*[mK]", "").split("\r"))
        .allMatch(line -> line.length() < console.width());
  }

  @Test
  void elsewhereEachTimeIsALineWithoutEscapes() {
    FakeConsole console = FakeConsole.file();
    swap(
        console,
        QUICK,
        () -> {
          swapper.enter(Step.CHECK);
          await(console, "\n  awaiting and checking what it offers, 0.");
        });
    assertThat(console.printed()).doesNotContain("\u001b", "\r");
  }

  @Test
  void quickSwapsShowTheirEventsOnly() {
    FakeConsole console = FakeConsole.terminal();
    swap(console, NEVER, this::tellStaged);
    assertThat(console.printed()).isEqualTo("  staged rules generation 2 (2.0.0)\n");
  }

  @Test
  void whatOtherSwapsTellIsNotShown() {
    FakeConsole console = FakeConsole.file();
    swap(
        console,
        QUICK,
        () -> {
          Thread other =
              new Thread(
                  () -> {
                    swapper.enter(Step.PROBE);
                    tellStaged();
                  });
          other.start();
          join(other);
          await(console, "waiting for its turn");
        });
    assertThat(console.printed()).doesNotContain("staged", Words.of(Step.PROBE));
  }

  @Test
  void refusalIsLeftToWhoSaysItAndNothingOfTheWatchIsLeft() {
    FakeConsole console = FakeConsole.file();
    swapper.refusal = Optional.of(Given.REFUSAL);
    assertThatThrownBy(
            () ->
                swap(
                    console,
                    NEVER,
                    () -> swapper.tell(new SwapEvent.Refused(8, FakeSwapper.NOON, Given.REFUSAL))))
        .isInstanceOf(SwapRefusedException.class);
    assertThat(console.printed()).isEmpty();
    assertThat(swapper.listeners).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("hotswap-shell-progress"));
  }

  @Test
  void usualPaceIsForPeople() {
    assertThat(Progress.Pace.USUAL.of(FakeConsole.terminal())).isEqualTo(Duration.ofMillis(200));
    assertThat(Progress.Pace.USUAL.of(FakeConsole.file())).isEqualTo(Duration.ofSeconds(5));
  }

  private static void await(FakeConsole console, String text) {
    try {
      console.await(text);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
