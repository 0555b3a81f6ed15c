package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.SwapEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code watch} and {@code top}: they go on until a key is pressed. */
@Timeout(60)
class LiveCommandsTest {
  private final FakeSwapper swapper = new FakeSwapper();
  private final Commands commands =
      new Commands(
          swapper, receipt -> "", generation -> Optional.empty(), Optional::empty, List::of);

  @BeforeEach
  void somethingRuns() {
    swapper.snapshot = Given.snapshot();
    swapper.receipts = List.of(Given.swapped());
  }

  private CompletableFuture<Integer> start(String name, FakeConsole console) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return commands.run(name, List.of(), console);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static int end(CompletableFuture<Integer> command) throws Exception {
    return command.get(20, TimeUnit.SECONDS);
  }

  @Test
  void watchPrintsEventsAsTheyComeUntilAKey() throws Exception {
    FakeConsole console = FakeConsole.terminal();
    CompletableFuture<Integer> watch = start("watch", console);
    console.await("any key ends this");
    swapper.tell(new SwapEvent.Staged(7, FakeSwapper.NOON, Given.SECOND));
    swapper.tell(
        new SwapEvent.FellBack(
            0, FakeSwapper.NOON, Given.SECOND, Optional.of(Given.FIRST), "it threw"));
    console.await("it threw");
    console.key.countDown();

    assertThat(end(watch)).isEqualTo(Command.DONE);
    String clock = Words.clock(FakeSwapper.NOON);
    assertThat(console.printed())
        .contains(clock + " swap 7 staged rules generation 2 (2.0.0)\n")
        .contains(clock + " \u001b[31mfell back from rules generation 2 (2.0.0)");
    assertThat(swapper.listeners).isEmpty();
  }

  @Test
  void watchInAPipeIsPlain() throws Exception {
    FakeConsole console = FakeConsole.file();
    CompletableFuture<Integer> watch = start("watch", console);
    while (swapper.listeners.isEmpty()) {
      Thread.onSpinWait();
    }
    swapper.tell(new SwapEvent.Refused(8, FakeSwapper.NOON, Given.REFUSAL));
    console.await(Given.REFUSAL.message());
    console.key.countDown();
    end(watch);
    assertThat(console.printed()).doesNotContain("\u001b", "any key");
  }

  @Test
  void topDrawsOverWhatIsThereAndGivesTheScreenBack() throws Exception {
    FakeConsole console = FakeConsole.terminal();
    CompletableFuture<Integer> top = start("top", console);
    console.await("rules");
    console.key.countDown();
    assertThat(end(top)).isEqualTo(Command.DONE);
    assertThat(console.printed())
        .startsWith("\u001b[?1049h")
        .contains("\u001b[H")
        .endsWith("\u001b[?25h\u001b[?1049l");
    assertThat(console.printed().replaceAll("\u001b\\[[?0-9]*[a-zA-Z]", "").lines())
        .allMatch(line -> line.length() <= console.width());
  }

  @Test
  void topWithoutATerminalIsPrintedOnce() throws Exception {
    FakeConsole console = FakeConsole.file();
    assertThat(end(start("top", console))).isEqualTo(Command.DONE);
    assertThat(console.printed()).contains("CALLS/S", "1.0.0", "2.0.0").doesNotContain("\u001b");
  }
}
