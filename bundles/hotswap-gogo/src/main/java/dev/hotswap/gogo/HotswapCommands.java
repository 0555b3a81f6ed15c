package dev.hotswap.gogo;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Process;

/**
 * The commands as Gogo finds them: a public method for each, and its page as its description. What
 * they print goes through pipes.
 */
public final class HotswapCommands {
  private final Commands commands;
  private final Function<CommandSession, Optional<Screen>> screens;

  HotswapCommands(Commands commands, Function<CommandSession, Optional<Screen>> screens) {
    this.commands = commands;
    this.screens = screens;
  }

  @Descriptor(Manual.LIST)
  public void list(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("list", session, words);
  }

  @Descriptor(Manual.SHOW)
  public void show(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("show", session, words);
  }

  @Descriptor(Manual.PLAN)
  public void plan(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("plan", session, words);
  }

  @Descriptor(Manual.SWAP)
  public void swap(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("swap", session, words);
  }

  @Descriptor(Manual.ROLLBACK)
  public void rollback(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("rollback", session, words);
  }

  @Descriptor(Manual.UNLOAD)
  public void unload(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("unload", session, words);
  }

  @Descriptor(Manual.HOLDERS)
  public void holders(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("holders", session, words);
  }

  @Descriptor(Manual.DECIDE)
  public void decide(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("decide", session, words);
  }

  @Descriptor(Manual.LEAKS)
  public void leaks(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("leaks", session, words);
  }

  @Descriptor(Manual.HISTORY)
  public void history(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("history", session, words);
  }

  @Descriptor(Manual.RECEIPT)
  public void receipt(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("receipt", session, words);
  }

  @Descriptor(Manual.REFUSED)
  public void refused(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("refused", session, words);
  }

  @Descriptor(Manual.WATCH)
  public void watch(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("watch", session, words);
  }

  @Descriptor(Manual.TOP)
  public void top(CommandSession session, @Descriptor(Manual.WORDS) String[] words)
      throws InterruptedException {
    run("top", session, words);
  }

  private void run(String name, CommandSession session, String... words)
      throws InterruptedException {
    Process process = Process.Utils.current();
    // what is piped on is for another command, not for a screen
    Optional<Screen> screen = process.isTty(1) ? screens.apply(session) : Optional.empty();
    try (SessionConsole console = new SessionConsole(session, process, screen)) {
      process.error(commands.run(name, List.of(words), console));
    }
  }
}
