package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody types at a terminal; the terminal is a virtual one, the rest is real. */
@Timeout(60)
class ConversationTest {
  private static final String TAB = "\t";
  private static final String ENTER = "\r";
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";

  @TempDir Path folder;
  private final FakeSwapper swapper = new FakeSwapper();
  private final CommandProcessorImpl gogo = new CommandProcessorImpl(null);
  private final Printed screen = new Printed();
  private final CountDownLatch never = new CountDownLatch(1);
  private LineDisciplineTerminal terminal;
  private Conversation talk;
  private Thread conversation;
  private volatile boolean leftInterrupted;

  @BeforeEach
  void begin() throws Exception {
    Commands commands =
        new Commands(
            swapper, receipt -> "", generation -> Optional.empty(), Optional::empty, List::of);
    HotswapCommands ours = new HotswapCommands(commands, Talks.screens());
    commands.names().forEach(name -> gogo.addCommand("hotswap", ours, name));
    Completion completion = new Completion(commands, swapper);
    Talks talks = new Talks(gogo, completion);
    gogo.addCommand("hotswap", talks.help(commands), "help");
    gogo.addCommand("test", this, "wait");
    gogo.addCommand("test", this, "flood");
    swapper.snapshot = Given.snapshot();
    swapper.receipts = List.of(Given.swapped());
    Files.createFile(folder.resolve("rules.jar"));
    terminal = new LineDisciplineTerminal("test", "xterm", screen, StandardCharsets.UTF_8);
    terminal.setSize(new Size(100, 40));
    talk = new Conversation(gogo, completion, terminal, folder, "alice");
    conversation =
        new Thread(
            () -> {
              talk.run();
              leftInterrupted = Thread.currentThread().isInterrupted();
            },
            "talk");
    conversation.start();
    screen.await("hotswap> ");
  }

  @AfterEach
  void end() throws Exception {
    terminal.close();
    conversation.join();
    gogo.stop();
  }

  /** Ends when it is told to. */
  public void wait(CommandSession session) throws InterruptedException {
    Process.Utils.current().out().println("it waits");
    never.await();
  }

  /** Prints without end. */
  public void flood(CommandSession session) throws InterruptedException {
    while (!Thread.currentThread().isInterrupted()) {
      Process.Utils.current().out().println("flood");
    }
    throw new InterruptedException();
  }

  private void type(String keys) throws Exception {
    terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
  }

  /** A key that is typed too early is one that a command reads, or that a Ctrl-C discards. */
  private void awaitPrompt(int times) throws InterruptedException {
    screen.await("hotswap> ", times);
  }

  private void awaitEnd() throws InterruptedException {
    conversation.join(20_000);
    assertThat(conversation.isAlive()).isFalse();
  }

  @Test
  void commandsAnswerInColourAndAsTheUser() throws Exception {
    type("show rules" + ENTER);
    screen.await("\u001b[32mcurrent");
    type("swap rules.jar" + ENTER);
    screen.await("has the record");
    assertThat(swapper.deeds).containsExactly("swap [" + folder.resolve("rules.jar") + "]");
    assertThat(swapper.options.asked().orElseThrow().by()).isEqualTo("alice");
  }

  @Test
  void tabCompletesCommandsPluginsFilesAndOptions() throws Exception {
    type("sho" + TAB + "ru" + TAB + "--js" + TAB + ENTER);
    screen.await("\"schema\":\"hotswap-plugin/1\",\"plugin\":\"rules\"");
    type("hotswap:swap ru" + TAB + "--on-d" + TAB + "rev" + TAB + ENTER);
    screen.await("has the record");
    assertThat(swapper.deeds).containsExactly("swap [" + folder.resolve("rules.jar") + "]");
    assertThat(swapper.options.onDeadline()).contains(dev.hotswap.api.DeadlinePolicy.REVERSE);
    type("help hold" + TAB + ENTER);
    screen.await("who keeps the old generations");
  }

  @Test
  void whatIsRefusedOrUnknownIsRedAndTheShellGoesOn() throws Exception {
    type("show stranger" + ENTER);
    screen.await("\u001b[31mrefused stranger");
    type("frobnicate" + ENTER);
    screen.await("Command not found: frobnicate");
    type("list" + ENTER);
    screen.await("ASKED BY");
  }

  @Test
  void controlCEndsTheCommandThatRunsAndNothingElse() throws Exception {
    type("x=remembered" + ENTER + "wait" + ENTER);
    screen.await("it waits");
    type(CTRL_C);
    awaitPrompt(3);
    type("list" + ENTER);
    screen.await("ASKED BY");
    type("help $x" + ENTER);
    screen.await("there is no command 'remembered'");
  }

  @Test
  void controlCInTheMiddleOfOutputLeavesTheTerminalUsable() throws Exception {
    type("flood" + ENTER);
    screen.await("flood\r\nflood\r\nflood");
    type(CTRL_C);
    awaitPrompt(2);
    type("list" + ENTER);
    screen.await("ASKED BY");
  }

  @Test
  void controlCAtThePromptIsAFreshLine() throws Exception {
    type("swap rules.jar");
    screen.await("rules.jar");
    type(CTRL_C);
    awaitPrompt(2);
    type("list" + ENTER);
    screen.await("ASKED BY");
    assertThat(swapper.deeds).isEmpty();
  }

  @Test
  void controlCEndsWatchToo() throws Exception {
    type("watch" + ENTER);
    screen.await("any key ends this");
    type(CTRL_C);
    awaitPrompt(2);
    type("list" + ENTER);
    screen.await("ASKED BY");
    assertThat(swapper.listeners).isEmpty();
  }

  @Test
  void anyKeyEndsWatchAndTopAndIsNoCommand() throws Exception {
    type("watch" + ENTER);
    screen.await("any key ends this");
    type("q");
    awaitPrompt(2);
    type("top" + ENTER);
    screen.await("\u001b[?1049h");
    screen.await("CALLS/S");
    type("q");
    screen.await("\u001b[?1049l");
    awaitPrompt(3);
    type("list" + ENTER);
    screen.await("ASKED BY");
    assertThat(screen.text()).doesNotContain("Command not found");
  }

  @Test
  void controlDLeaves() throws Exception {
    type(CTRL_D);
    awaitEnd();
  }

  @Test
  void exitLeaves() throws Exception {
    type("exit" + ENTER);
    awaitEnd();
  }

  @Test
  void canBeEndedFromOutsideAtThePrompt() throws Exception {
    talk.end();
    awaitEnd();
    assertThat(leftInterrupted).as("the thread is its owner's again").isFalse();
  }

  @Test
  void canBeEndedFromOutsideDuringACommand() throws Exception {
    type("wait" + ENTER);
    screen.await("it waits");
    talk.end();
    awaitEnd();
    assertThat(leftInterrupted).isFalse();
  }

  @Test
  void endOfTheTerminalEndsItAlsoWhileACommandWaitsForAKey() throws Exception {
    type("watch" + ENTER);
    screen.await("any key ends this");
    terminal.close();
    awaitEnd();
    assertThat(swapper.listeners).isEmpty();
  }
}
