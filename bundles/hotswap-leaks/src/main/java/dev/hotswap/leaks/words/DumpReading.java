package dev.hotswap.leaks.words;

import dev.hotswap.leaks.heap.Budget;
import dev.hotswap.leaks.heap.DamagedDumpException;
import dev.hotswap.leaks.heap.Heap;
import dev.hotswap.leaks.heap.HeapPath;
import dev.hotswap.leaks.heap.Marker;
import dev.hotswap.leaks.heap.OverBudgetException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a dump and tells what holds the class loaders that are marked in it. Also a program. */
public final class DumpReading {
  // tables may take so much of what the JVM may have; the rest is for names, classes and answers
  private static final double FOR_TABLES = 0.8;

  private DumpReading() {}

  /**
   * What was found out about one class loader.
   *
   * @param number that of its {@link Marker}
   */
  public record Answer(int number, HeapPath.Reach reach, Told told) {}

  /**
   * Reads it.
   *
   * @param walk the number of the walk that set the markers
   * @param threads on how many threads
   * @return an answer for each that was not collected
   * @throws DamagedDumpException where it is no dump, or not a whole one
   * @throws OverBudgetException where that takes more than it may
   * @throws IOException where the file cannot be read
   */
  public static List<Answer> read(Path dump, long walk, int threads, Budget budget)
      throws IOException {
    Heap heap = Heap.read(dump, Marker.class.getName(), threads, budget);
    List<Marker.Found> markers = Marker.in(heap, walk);
    if (markers.isEmpty()) {
      throw new DamagedDumpException("it has none of the marks that were set");
    }
    Map<Long, String> sought = new LinkedHashMap<>();
    markers.stream()
        .filter(marker -> marker.loader() != 0)
        .forEach(marker -> sought.put(marker.loader(), marker.label()));
    Map<Long, HeapPath> paths = heap.paths(List.copyOf(sought.keySet()));
    Tale tale = new Tale(heap, sought);
    List<Answer> answers = new ArrayList<>();
    for (Marker.Found marker : markers) {
      HeapPath path = paths.get(marker.loader());
      if (path != null) {
        answers.add(new Answer(marker.number(), path.reach(), tale.tell(path, marker.loader())));
      }
    }
    return answers;
  }

  /**
   * Prints the answers as {@link AnswerLines}.
   *
   * @param arguments the file, the number of the walk, the threads, the seconds that it may take
   */
  public static void main(String... arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      Budget budget =
          new Budget(
              Duration.ofSeconds(Long.parseLong(arguments[3])),
              (long) (Runtime.getRuntime().maxMemory() * FOR_TABLES));
      List<Answer> answers =
          read(
              Path.of(arguments[0]),
              Long.parseLong(arguments[1]),
              Integer.parseInt(arguments[2]),
              budget);
      answers.forEach(answer -> out.println(AnswerLines.of(answer)));
      out.println(AnswerLines.END);
    } catch (DamagedDumpException e) {
      out.println(AnswerLines.damaged(e.getMessage()));
    } catch (OverBudgetException e) {
      out.println(AnswerLines.overBudget(e.getMessage()));
    } catch (IOException e) {
      out.println(AnswerLines.damaged(e.toString()));
    }
  }
}
