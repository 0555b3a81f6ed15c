package dev.hotswap.bench;

import dev.hotswap.api.Generation;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Verdict;
import dev.hotswap.leaks.HeapDumpWalk;
import dev.hotswap.leaks.WalkSettings;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How long a heap walk takes in this JVM's heap, which it fills with objects of one kind and in
 * which it buries a class loader: the dump, and the path in it.
 */
public final class LeaksTable {
  private static final double MB = 1 << 20;
  private static final int ROUNDS = 2;

  private final Verdicts verdicts = new Verdicts();
  private final Path folder;

  private LeaksTable(Path folder) {
    this.folder = folder;
  }

  /** {@code records} or {@code tree}: of what; and how many MB of it. */
  public static void main(String... args) throws Exception {
    FilledHeap.Kind kind = FilledHeap.Kind.valueOf(args[0].toUpperCase(java.util.Locale.ROOT));
    long megabytes = Long.parseLong(args[1]);
    LeaksTable table = new LeaksTable(Files.createTempDirectory("hotswap-bench"));
    try (FilledHeap heap = FilledHeap.of(kind, megabytes)) {
      System.out.printf(
          "%nJDK %s; a heap of %d MB: %s%n",
          System.getProperty("java.version"), megabytes, kind.says());
      table.measure(heap, args[0]);
    } finally {
      BareFelix.delete(table.folder);
    }
    System.exit(table.verdicts.close());
  }

  private void measure(FilledHeap heap, String kind) throws IOException {
    HeapDumpWalk walk = new HeapDumpWalk(WalkSettings.defaults().withFolder(folder));
    URLClassLoader loader = new URLClassLoader("plugin", new URL[0], null);
    heap.bury(loader);
    Map<Generation, WeakReference<ClassLoader>> sought =
        Map.of(new Generation("plugin", 1, "1.0.0", "0".repeat(64)), new WeakReference<>(loader));
    loader = null;
    System.out.printf(
        "%-8s %12s %12s %12s %12s %12s%n",
        "", "dump, MB", "pause est.", "pause", "whole est.", "path");
    double best = Double.MAX_VALUE;
    for (int round = 1; round <= ROUNDS; round++) {
      HeapWalk.Estimate estimate = walk.estimate();
      HoldingPath path = walk.walk(sought).get(0);
      if (path.verdict() != Verdict.HELD) {
        throw new AssertionError(path.label());
      }
      HeapDumpWalk.Walked walked = walk.last().orElseThrow();
      System.out.printf(
          "%-8s %12.0f %10.2f s %10.2f s %10.2f s %10.2f s%n",
          "walk " + round,
          walked.dump() / MB,
          seconds(estimate.pause()),
          seconds(walked.pause()),
          seconds(estimate.whole()),
          seconds(walked.reading()));
      best = Math.min(best, seconds(walked.reading()));
      if (round == ROUNDS) {
        System.out.println(List.of(path.label()));
      }
    }
    verdicts.atMost("s from the dump to the path, " + kind, best, 5);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
