package dev.hotswap.gogo;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Process;

/**
 * Help in the shell: the pages of Hotswap's commands as they are written; for all others that of
 * {@code felix:help}.
 */
public final class HelpCommand {
  private static final String FELIX = "felix:help";

  private final Commands commands;

  HelpCommand(Commands commands) {
    this.commands = commands;
  }

  /** What there is, or the page of a command. */
  @Descriptor("what there is, or the page of a command: help [COMMAND]")
  public void help(CommandSession session, @Descriptor("the command") String[] words)
      throws Exception {
    Process process = Process.Utils.current();
    if (words.length == 0) {
      overview(session, process.out());
    } else if (words.length == 1) {
      String own = Manual.withoutScope(words[0]);
      if (commands.names().contains(own)) {
        process.out().print(Manual.page(own));
      } else {
        others(session, words[0], process);
      }
    } else {
      process
          .err()
          .println("help: '" + words[1] + "' is one word too many; write it as: help [COMMAND]");
      process.error(Command.NOT_UNDERSTOOD);
    }
  }

  private void overview(CommandSession session, PrintStream out) {
    commands.names().forEach(name -> out.printf("%-10s %s%n", name, Manual.summary(name)));
    out.printf("%-10s %s%n", "exit", "leaves the shell; the host goes on");
    Set<String> others = new TreeSet<>();
    for (Object full : (Set<?>) session.get(".commands")) {
      if (!full.toString().startsWith("hotswap:")) {
        others.add(full.toString());
      }
    }
    out.println();
    out.println("'help COMMAND' has the page of each. Commands of the framework and of Gogo:");
    lines(List.copyOf(others)).forEach(out::println);
  }

  /** The words, as many in a line as go into 80 columns. */
  private static List<String> lines(List<String> words) {
    StringBuilder text = new StringBuilder();
    int column = 0;
    for (String word : words) {
      if (column + word.length() > 76) {
        text.append('\n');
        column = 0;
      }
      text.append(column == 0 ? "  " : " ").append(word);
      column += word.length() + 1;
    }
    return Arrays.asList(text.toString().split("\n"));
  }

  private static void others(CommandSession session, String name, Process process)
      throws Exception {
    Set<?> all = (Set<?>) session.get(".commands");
    boolean isKnown =
        all.stream().anyMatch(full -> full.equals(name) || full.toString().endsWith(":" + name));
    if (isKnown && all.contains(FELIX)) {
      process.out().println(session.execute(FELIX + " '" + name + "'"));
    } else {
      process.err().println("there is no command '" + name + "'; 'help' lists what there is");
      process.error(Command.NOT_UNDERSTOOD);
    }
  }
}
