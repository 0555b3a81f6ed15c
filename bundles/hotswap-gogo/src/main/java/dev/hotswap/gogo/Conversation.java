package dev.hotswap.gogo;

import java.io.IOError;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.gogo.jline.Expander;
import org.apache.felix.gogo.jline.Highlighter;
import org.apache.felix.gogo.jline.Parser;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * A user at a terminal: reads a line, has Gogo execute it, until the user leaves. Ctrl-C ends the
 * command that runs, Ctrl-D on an empty line the conversation; neither ends the host.
 */
final class Conversation {
  /** Ours first, where others have the same name. */
  static final String SCOPE = "hotswap:gogo:*";

  /** What a user leaves with. */
  static final Set<String> LEAVE = Set.of("exit", "quit", "logout");

  private static final String PROMPT = "hotswap> ";

  private final CommandProcessor processor;
  private final Completion completion;
  private final Terminal terminal;
  private final PrintWriter out; // where the terminal is gone, it prints nothing
  private final TerminalScreen.InUse use = new TerminalScreen.InUse();
  private volatile CommandSession session;
  private volatile boolean interrupted;
  private volatile boolean ended;
  private volatile Thread talking; // null before and after

  /**
   * @param folder where the user is
   * @param user who that is
   */
  Conversation(
      CommandProcessor processor,
      Completion completion,
      Terminal terminal,
      Path folder,
      String user) {
    this.processor = processor;
    this.completion = completion;
    this.terminal = terminal;
    this.out = terminal.writer();
    this.session = open(folder, user);
  }

  private CommandSession open(Path folder, String user) {
    CommandSession opened =
        processor.createSession(terminal.input(), terminal.output(), terminal.output());
    opened.currentDir(folder);
    opened.put(TerminalScreen.VARIABLE, terminal);
    opened.put(TerminalScreen.IN_USE, use);
    opened.put(SessionConsole.USER, user);
    opened.put("SCOPE", SCOPE);
    return opened;
  }

  /** Returns when the user has left, the terminal is gone, or it was ended. */
  void run() {
    talking = Thread.currentThread();
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .completer(this::complete)
            .highlighter(new Highlighter(session))
            .parser(new Parser())
            .expander(new Expander(session))
            .option(LineReader.Option.AUTO_FRESH_LINE, true)
            .build();
    terminal.handle(Terminal.Signal.INT, signal -> interrupt());
    try {
      while (!ended) {
        Optional<String> line = read(reader);
        if (line.isEmpty()) {
          return;
        } else if (!ended) {
          execute(line.get());
        }
      }
    } finally {
      session.close();
      leave();
    }
  }

  /** Ends it while its user says nothing, or a command runs; for other threads. */
  synchronized void end() {
    ended = true;
    if (talking != null) {
      talking.interrupt(); // JLine gives a line up at that, and Gogo a wait for a command
    }
  }

  /** From here on its thread is somebody else's again. */
  private synchronized void leave() {
    talking = null;
    if (ended) {
      Thread.interrupted(); // it was for the conversation
    }
  }

  /** Empty where the user leaves; an empty line where they have thought better of one. */
  private static Optional<String> read(LineReader reader) {
    try {
      return Optional.of(reader.readLine(PROMPT)).filter(line -> !LEAVE.contains(line.trim()));
    } catch (UserInterruptException e) {
      return Optional.of(""); // Ctrl-C
    } catch (EndOfFileException e) {
      return Optional.empty(); // Ctrl-D
    } catch (IOError | IllegalStateException e) {
      return Optional.empty(); // the terminal is gone
    }
  }

  private void interrupt() {
    interrupted = true;
    Job job = session.foregroundJob();
    if (job != null) {
      job.interrupt();
    }
  }

  private void execute(String line) {
    interrupted = false;
    try {
      Object result = session.execute(line);
      if (result != null) {
        out.println(session.format(result, Converter.INSPECT));
      }
    } catch (Exception e) {
      if (!interrupted) {
        say(e);
      }
    }
    if (interrupted) {
      use.awaitNone();
      renew();
    }
    out.flush();
  }

  /** An interrupt in the middle of a write closes the session's streams for good. */
  private void renew() {
    CommandSession old = session;
    CommandSession fresh = open(old.currentDir(), String.valueOf(old.get(SessionConsole.USER)));
    for (Object name : (Set<?>) old.get(".variables")) {
      fresh.put(name.toString(), old.get(name.toString()));
    }
    session = fresh;
    old.close();
  }

  private void say(Exception failure) {
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    out.println(
        new AttributedStringBuilder()
            .styled(AttributedStyle.DEFAULT.foreground(AttributedStyle.RED), text)
            .toAnsi(terminal));
  }

  private void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    if (line.wordIndex() == 0) {
      names().forEach(name -> candidates.add(new Candidate(name)));
      return;
    }
    String name = Manual.withoutScope(line.words().get(0));
    if (name.equals("help") && line.wordIndex() == 1) {
      names().forEach(each -> candidates.add(new Candidate(each)));
      return;
    }
    List<String> before = List.copyOf(line.words().subList(1, line.wordIndex()));
    String begun = line.word().substring(0, line.wordCursor());
    for (Suggestion each : completion.of(name, before, begun, session.currentDir())) {
      candidates.add(
          new Candidate(
              each.word(),
              each.word(),
              null,
              each.about().isEmpty() ? null : each.about(),
              null,
              null,
              each.isWhole()));
    }
  }

  /** Every command by its own name, and with its scope. */
  private Set<String> names() {
    Set<String> names = new TreeSet<>(LEAVE);
    for (Object full : (Set<?>) session.get(".commands")) {
      String name = full.toString();
      names.add(name);
      names.add(name.substring(name.indexOf(':') + 1));
    }
    return names;
  }
}
