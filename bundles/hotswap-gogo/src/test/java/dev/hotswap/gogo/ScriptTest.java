package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines that are piped into {@code hotswap shell}, on Gogo's own runtime. */
@Timeout(60)
class ScriptTest {
  private final FakeSwapper swapper = new FakeSwapper();
  private final CommandProcessorImpl gogo = new CommandProcessorImpl(null);
  private final Printed out = new Printed();
  private final Printed err = new Printed();
  private Script script;

  @BeforeEach
  void open() {
    Commands commands =
        new Commands(
            swapper, receipt -> "", generation -> Optional.empty(), Optional::empty, List::of);
    HotswapCommands ours = new HotswapCommands(commands, session -> Optional.empty());
    commands.names().forEach(name -> gogo.addCommand("hotswap", ours, name));
    gogo.addCommand(
        "gogo", new Talks(gogo, new Completion(commands, swapper)).help(commands), "help");
    gogo.addCommand("test", this, "say");
    swapper.snapshot = Given.snapshot();
    swapper.receipts = List.of(Given.swapped());
    script = new Script(gogo, out, err, Path.of("/home/alice"), "alice");
  }

  @AfterEach
  void close() {
    script.close();
    gogo.stop();
  }

  /** A command of somebody else. */
  public String say(String word) {
    return word;
  }

  private int run(String... lines) {
    Iterator<String> left = List.of(lines).iterator();
    try {
      return script.run(() -> left.hasNext() ? Optional.of(left.next()) : Optional.empty());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void linesAreExecutedOneByOneAsTheUserInTheFolder() {
    assertThat(run("say hello", "", "# a comment", "swap a.jar")).isEqualTo(Command.DONE);
    assertThat(swapper.deeds).containsExactly("swap [/home/alice/a.jar]");
    assertThat(swapper.options.asked().orElseThrow().by()).isEqualTo("alice");
    assertThat(out.text()).contains("hello", "swapped in");
  }

  @Test
  void refusedCommandEndsItWithItsStatus() {
    swapper.refusal = Optional.of(Given.REFUSAL);
    assertThat(run("swap a.jar", "say after")).isEqualTo(Command.REFUSED);
    assertThat(err.text()).isEqualTo(Given.REFUSAL.message() + "\n");
    assertThat(out.text()).doesNotContain("after");
  }

  @Test
  void commandThatMakesNoSenseEndsItWithTwo() {
    assertThat(run("swap", "say after")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(run("frobnicate", "say after")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(run("say 'breaks off", "say after")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(err.text()).contains("FILE...", "frobnicate", "unexpected");
    assertThat(out.text()).doesNotContain("after");
  }

  @Test
  void statusIsThatOfTheLastCommandOfALine() {
    swapper.refusal = Optional.of(Given.REFUSAL);
    assertThat(run("swap a.jar || say instead", "say after")).isEqualTo(Command.DONE);
    assertThat(out.text()).contains("instead", "after");
    assertThat(run("say before && swap a.jar")).isEqualTo(Command.REFUSED);
    assertThat(run("swap a.jar && say never")).isEqualTo(Command.REFUSED);
    assertThat(out.text()).doesNotContain("never");
  }

  @Test
  void exitEndsItAndAllIsWell() {
    assertThat(run("say first", " exit ", "say after")).isEqualTo(Command.DONE);
    assertThat(out.text()).contains("first").doesNotContain("after");
    assertThat(err.text()).isEmpty();
  }

  @Test
  void watchEndsWhenNobodyIsThereAnyMoreAndNothingFollows() throws Exception {
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(() -> run("watch", "swap a.jar"));
    while (swapper.listeners.isEmpty()) {
      Thread.onSpinWait();
    }
    script.end();
    assertThat(status.get(20, TimeUnit.SECONDS)).isEqualTo(Command.REFUSED);
    assertThat(swapper.deeds).isEmpty();
  }

  @Test
  void helpHasThePagesAndNamesWhatThereIs() {
    assertThat(run("help swap", "help hotswap:list")).isEqualTo(Command.DONE);
    assertThat(out.text()).isEqualTo(Manual.page("swap") + Manual.page("list"));
    assertThat(run("help")).isEqualTo(Command.DONE);
    assertThat(out.text()).contains("holders    who keeps the old", "test:say", "exit ");
    assertThat(run("help frobnicate")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(run("help a b")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(out.text()).doesNotContain("\u001b");
  }
}
