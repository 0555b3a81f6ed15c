package dev.hotswap.gogo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;

/** The shell for a terminal elsewhere: line editing is done here, keys and output are sent. */
final class RemoteTalk implements Connection.Talk {
  private final CommandProcessor processor;
  private final Completion completion;

  RemoteTalk(CommandProcessor processor, Completion completion) {
    this.processor = processor;
    this.completion = completion;
  }

  @Override
  public int with(Ask ask, Frames frames) throws IOException, InterruptedException {
    return ask.isAtTerminal() ? converse(ask, frames) : script(ask, frames);
  }

  private int converse(Ask ask, Frames frames) throws IOException {
    frames.send(Frame.of(Frame.Kind.KEYS));
    LineDisciplineTerminal terminal =
        new LineDisciplineTerminal(
            "hotswap", ask.terminal(), frames.stream(Frame.Kind.OUTPUT), StandardCharsets.UTF_8);
    terminal.setSize(new Size(ask.columns(), ask.lines()));
    thread(() -> type(frames, terminal));
    try (terminal) {
      new Conversation(processor, completion, terminal, Path.of(ask.folder()), ask.user()).run();
    }
    return Command.DONE;
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, Thread.currentThread().getName() + "-keys");
    thread.setDaemon(true);
    thread.start();
  }

  /** Hands on what is typed, until nobody is there any more; then the terminal is closed. */
  private static void type(Frames frames, LineDisciplineTerminal terminal) {
    try (terminal) {
      handOn(frames, terminal);
      terminal.raise(Terminal.Signal.INT); // nobody waits any more for the command that runs
    } catch (IOException | IllegalStateException e) {
      return; // the conversation has ended before, and closed it
    }
  }

  private static void handOn(Frames frames, LineDisciplineTerminal terminal) {
    try {
      for (Optional<Frame> next = frames.read(); next.isPresent(); next = frames.read()) {
        Frame frame = next.get();
        switch (frame.kind()) {
          case RESIZE -> {
            terminal.setSize(new Size(frame.number(0), frame.number(1)));
            terminal.raise(Terminal.Signal.WINCH);
          }
          case INPUT -> terminal.processInputBytes(frame.bytes());
          case INTERRUPT -> terminal.raise(Terminal.Signal.INT);
          default -> {} // of another kind of talk
        }
      }
    } catch (IOException e) {
      return; // gone
    }
  }

  private int script(Ask ask, Frames frames) throws InterruptedException {
    PipedLines lines = new PipedLines();
    try (Script script =
        new Script(
            processor,
            frames.stream(Frame.Kind.OUTPUT),
            frames.stream(Frame.Kind.ERROR),
            Path.of(ask.folder()),
            ask.user())) {
      thread(() -> read(frames, lines, script));
      return script.run(lines);
    } finally {
      lines.end(); // who reads waits no more for room
    }
  }

  /** Until nobody is there any more, or wishes it; a {@code watch} would go on for ever. */
  private static void read(Frames frames, PipedLines lines, Script script) {
    try {
      for (Optional<Frame> next = frames.read(); isWished(next); next = frames.read()) {
        if (next.get().kind() == Frame.Kind.INPUT) {
          lines.add(next.get().bytes());
        } else if (next.get().kind() == Frame.Kind.INPUT_END) {
          lines.finish();
        }
      }
    } catch (IOException e) {
      // gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    script.end();
    lines.end();
  }

  private static boolean isWished(Optional<Frame> next) {
    return next.filter(frame -> frame.kind() != Frame.Kind.INTERRUPT).isPresent();
  }
}
