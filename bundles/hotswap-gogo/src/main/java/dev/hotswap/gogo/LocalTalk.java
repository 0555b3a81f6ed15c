package dev.hotswap.gogo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.felix.service.command.CommandProcessor;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The shell on the terminal of this very process; run by whoever started it. */
final class LocalTalk implements Runnable {
  private final CommandProcessor processor;
  private final Completion completion;

  LocalTalk(CommandProcessor processor, Completion completion) {
    this.processor = processor;
    this.completion = completion;
  }

  /** Returns when the user has left. */
  @Override
  public void run() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // by this loader JLine looks for what handles the terminal; without it there is a dumb one
    thread.setContextClassLoader(Terminal.class.getClassLoader());
    try (Terminal terminal = TerminalBuilder.builder().name("hotswap").system(true).build()) {
      Path folder = Path.of("").toAbsolutePath();
      new Conversation(processor, completion, terminal, folder, System.getProperty("user.name"))
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be used: " + e.getMessage(), e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
