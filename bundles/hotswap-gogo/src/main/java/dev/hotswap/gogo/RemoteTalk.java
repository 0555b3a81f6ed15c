package dev.hotswap.gogo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
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
  public int with(Ask ask, Frames frames) throws IOException {
    return ask.isAtTerminal() ? converse(ask, frames) : script(ask, frames);
  }

  private int converse(Ask ask, Frames frames) throws IOException {
    frames.send(Frame.of(Frame.Kind.KEYS));
    LineDisciplineTerminal terminal =
        new LineDisciplineTerminal(
            "hotswap", ask.terminal(), frames.stream(Frame.Kind.OUTPUT), StandardCharsets.UTF_8);
    terminal.setSize(new Size(ask.columns(), ask.lines()));
    Thread keys =
        new Thread(() -> type(frames, terminal), Thread.currentThread().getName() + "-keys");
    keys.setDaemon(true);
    keys.start();
    try (terminal) {
      new Conversation(processor, completion, terminal, Path.of(ask.folder()), ask.user()).run();
    }
    return Command.DONE;
  }

  /** Hands on what is typed, until nobody is there any more; then the terminal is closed. */
  private static void type(Frames frames, LineDisciplineTerminal terminal) {
    try (terminal) {
      for (Optional<Frame> next = frames.read(); next.isPresent(); next = frames.read()) {
        Frame frame = next.get();
        if (frame.kind() == Frame.Kind.RESIZE) {
          terminal.setSize(new Size(frame.number(0), frame.number(1)));
          terminal.raise(Terminal.Signal.WINCH);
        } else if (frame.kind() == Frame.Kind.INPUT) {
          terminal.processInputBytes(frame.bytes());
        }
      }
    } catch (IOException e) {
      return; // gone
    }
  }

  /** Each line of the input as if it had been typed, up to the first that fails. */
  private int script(Ask ask, Frames frames) throws IOException {
    String lines = input(frames);
    PrintStream out =
        new PrintStream(frames.stream(Frame.Kind.OUTPUT), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(frames.stream(Frame.Kind.ERROR), true, StandardCharsets.UTF_8);
    CommandSession session =
        processor.createSession(new ByteArrayInputStream(new byte[0]), out, err);
    session.currentDir(Path.of(ask.folder()));
    session.put(SessionConsole.USER, ask.user());
    session.put("SCOPE", "hotswap:gogo:*");
    try {
      for (String line : lines.lines().toList()) {
        Object result = session.execute(line);
        if (result != null) {
          out.println(session.format(result, Converter.INSPECT));
        }
      }
      return Command.DONE;
    } catch (Exception e) {
      err.println(e.getMessage() == null ? e.toString() : e.getMessage());
      return Command.REFUSED;
    } finally {
      session.close();
    }
  }

  private static String input(Frames frames) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Optional<Frame> next = frames.read(); next.isPresent(); next = frames.read()) {
      if (next.get().kind() == Frame.Kind.INPUT_END) {
        break;
      }
      bytes.write(next.get().bytes());
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
