package dev.hotswap.leaks.words;

import dev.hotswap.leaks.heap.DamagedDumpException;
import dev.hotswap.leaks.heap.HeapPath;
import dev.hotswap.leaks.heap.OverBudgetException;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers as lines of text, by which they come out of another process: an answer on each, its parts
 * apart by tabs; then {@link #END}, or why there are none.
 */
public final class AnswerLines {
  static final String END = "end";

  private static final String TOLD = "told";
  private static final String DAMAGED = "damaged";
  private static final String OVER_BUDGET = "over-budget";

  private AnswerLines() {}

  static String of(DumpReading.Answer answer) {
    List<String> parts = new ArrayList<>();
    parts.add(TOLD);
    parts.add(String.valueOf(answer.number()));
    parts.add(answer.reach().name());
    parts.add(answer.told().holder());
    parts.add(answer.told().remedy());
    parts.addAll(answer.told().steps());
    return line(parts);
  }

  static String damaged(String why) {
    return line(List.of(DAMAGED, why));
  }

  static String overBudget(String why) {
    return line(List.of(OVER_BUDGET, why));
  }

  private static String line(List<String> parts) {
    return String.join("\t", parts.stream().map(AnswerLines::escape).toList());
  }

  /**
   * The answers that were printed.
   *
   * @throws DamagedDumpException what the other process said, or where its words are not whole
   * @throws OverBudgetException what the other process said
   */
  public static List<DumpReading.Answer> parse(List<String> lines) {
    List<DumpReading.Answer> answers = new ArrayList<>();
    for (String line : lines) {
      String[] parts = line.split("\t", -1);
      switch (parts[0]) {
        case TOLD -> answers.add(answer(parts));
        case DAMAGED -> throw new DamagedDumpException(unescape(parts[1]));
        case OVER_BUDGET -> throw new OverBudgetException(unescape(parts[1]));
        case END -> {
          return answers;
        }
        default -> {
          // the JVM has its own words on the same stream, such as warnings
        }
      }
    }
    throw new DamagedDumpException("the process that read it ended without an answer");
  }

  private static DumpReading.Answer answer(String... parts) {
    List<String> steps = new ArrayList<>();
    for (int i = 5; i < parts.length; i++) {
      steps.add(unescape(parts[i]));
    }
    return new DumpReading.Answer(
        Integer.parseInt(parts[1]),
        HeapPath.Reach.valueOf(parts[2]),
        new Told(unescape(parts[3]), steps, unescape(parts[4])));
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next == '\\' && i + 1 < text.length()) {
        char escaped = text.charAt(++i);
        next =
            switch (escaped) {
              case 't' -> '\t';
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> escaped;
            };
      }
      plain.append(next);
    }
    return plain.toString();
  }
}
