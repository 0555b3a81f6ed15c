package dev.hotswap.gogo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Converters;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.BundleContext;

/**
 * Conversations, and the commands of Gogo's JLine shell that are of use in them. That shell's
 * bundle is there for its classes and is not started: started, it takes the terminal for itself,
 * and stops the framework when its input ends.
 */
final class Talks {
  private static final List<String> POSIX =
      List.of(
          "cat", "clear", "date", "echo", "grep", "head", "less", "sleep", "sort", "tail", "wc");
  private static final List<String> PROCEDURAL =
      List.of("each", "if", "not", "throw", "try", "until", "while", "break", "continue");
  private static final List<String> BUILTIN =
      List.of("bg", "fg", "format", "getopt", "jobs", "new", "set", "tac", "type");

  /** The names of the commands of {@link #help}. */
  static final List<String> HELP = List.of("help");

  private final CommandProcessor processor;
  private final Completion completion;

  Talks(CommandProcessor processor, Completion completion) {
    this.processor = processor;
    this.completion = completion;
  }

  /** Whether this bundle is wired to what line editing takes. */
  static boolean arePossible() {
    try {
      ClassLoader own = Talks.class.getClassLoader();
      Class.forName("org.jline.reader.LineReader", false, own);
      Class.forName("org.apache.felix.gogo.jline.Parser", false, own);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** On the terminal of this process. */
  LocalTalk local() {
    return new LocalTalk(processor, completion);
  }

  /** On a terminal elsewhere. */
  Connection.Talk remote() {
    return new RemoteTalk(processor, completion);
  }

  static Function<CommandSession, Optional<Screen>> screens() {
    return TerminalScreen::of;
  }

  /** Objects with commands, and the names of those. */
  Map<Object, List<String>> functions() {
    Map<Object, List<String>> functions = new LinkedHashMap<>();
    functions.put(new Posix(processor), POSIX);
    functions.put(new Procedural(), PROCEDURAL);
    functions.put(new Builtin(), BUILTIN);
    return functions;
  }

  /** An object with the command {@code help}. */
  Object help(Commands commands) {
    return new HelpCommand(commands);
  }

  /** Prints bundles and services that a command answers. */
  static Converter converter(BundleContext context) {
    return new Converters(context);
  }
}
