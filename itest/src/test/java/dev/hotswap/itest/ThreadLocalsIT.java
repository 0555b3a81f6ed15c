package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread that asks for swaps, and calls what they bring, for as long as it lives. */
@Timeout(120)
class ThreadLocalsIT {
  private static final int SWAPS = 40;

  @TempDir Path folder;

  /** A wiring has a thread-local variable of its own, set on whatever thread loads its classes. */
  @Test
  void swapsLeaveNoThreadLocalVariablesOnTheThreadThatAsksForThem() throws Exception {
    List<String> lines =
        new Java(Files.createDirectory(folder.resolve("current")))
            .with("--add-opens", "java.base/java.lang=ALL-UNNAMED")
            .with("-Ditest.framework=" + System.getProperty("itest.framework", "felix"))
            .with("-cp", System.getProperty("java.class.path"), CountsThreadLocals.class.getName())
            .with(folder.toString(), String.valueOf(SWAPS))
            .run();
    int once = entriesAfter(SWAPS, lines);
    assertThat(entriesAfter(2 * SWAPS, lines)).isLessThan(once + SWAPS / 2);
  }

  private static int entriesAfter(int swaps, List<String> lines) {
    String words = "swaps " + swaps + " entries ";
    return lines.stream()
        .filter(line -> line.startsWith(words))
        .mapToInt(line -> Integer.parseInt(line.substring(words.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError(lines));
  }
}
