package dev.hotswap.gogo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The shell on the terminal of this very process; run by whoever started it. Thread-safe. */
final class LocalTalk implements Runnable {
  private final CommandProcessor processor;
  private final Completion completion;
  private final Set<Conversation> open = ConcurrentHashMap.newKeySet();

  LocalTalk(CommandProcessor processor, Completion completion) {
    this.processor = processor;
    this.completion = completion;
  }

  /**
   * Returns when the user has left, or the shell ends.
   *
   * @throws UncheckedIOException when there is no terminal that could be used
   */
  @Override
  public void run() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // by this loader JLine looks for what handles the terminal; without it there is a dumb one
    thread.setContextClassLoader(Terminal.class.getClassLoader());
    try (Terminal terminal = TerminalBuilder.builder().name("hotswap").system(true).build()) {
      Path folder = Path.of("").toAbsolutePath();
      String user = System.getProperty("user.name");
      Conversation talk = new Conversation(processor, completion, terminal, folder, user);
      open.add(talk);
      try {
        talk.run();
      } finally {
        open.remove(talk);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be used: " + e.getMessage(), e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Gogo's runtime goes, as when the framework stops: nobody can say anything any more. */
  void end() {
    open.forEach(Conversation::end);
  }
}
