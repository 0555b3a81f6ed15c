package dev.hotswap.leaks;

import dev.hotswap.api.Generation;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HeapWalkException;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Verdict;
import dev.hotswap.leaks.heap.Budget;
import dev.hotswap.leaks.heap.DamagedDumpException;
import dev.hotswap.leaks.heap.Marker;
import dev.hotswap.leaks.heap.OverBudgetException;
import dev.hotswap.leaks.words.DumpReading;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Walks the heap of this JVM by a dump of its live objects, which a HotSpot JVM writes without any
 * flags. The dump is read here where it is small, else in a process of its own. It is deleted in
 * any case, unless it is to be kept: then it is kept as soon as it is written, and the log says
 * where. Thread-safe; one walk at a time.
 */
public final class HeapDumpWalk implements HeapWalk {
  private static final System.Logger LOG = System.getLogger(HeapDumpWalk.class.getName());
  private static final String DIAGNOSTIC = "com.sun.management:type=HotSpotDiagnostic";
  private static final long MB = 1 << 20;
  private static final int THREADS_AT_MOST = 4;
  // Windows does not delete a file that is mapped
  private static final boolean CAN_MAP_HERE = !System.getProperty("os.name").startsWith("Windows");

  private final WalkSettings settings;
  private final Costs costs = new Costs();
  private volatile Walked last;

  /**
   * What a walk took.
   *
   * @param dump the size of the dump, in bytes
   * @param pause how long it took to write; nearly all of it the JVM stood still
   * @param reading how long it took to find the paths in it
   * @param ownProcess whether it was read in a process of its own
   */
  public record Walked(long dump, Duration pause, Duration reading, boolean ownProcess) {}

  public HeapDumpWalk(WalkSettings settings) {
    this.settings = settings;
  }

  /** What it may take, and where. */
  public WalkSettings settings() {
    return settings;
  }

  @Override
  public Estimate estimate() {
    return costs.estimate();
  }

  /** What the last walk took; empty before the first. */
  public Optional<Walked> last() {
    return Optional.ofNullable(last);
  }

  @Override
  public List<HoldingPath> walk(Map<Generation, WeakReference<ClassLoader>> loaders) {
    return walk(loaders, settings.keep()).paths();
  }

  @Override
  public Kept walkAndKeep(Map<Generation, WeakReference<ClassLoader>> loaders) {
    return walk(loaders, true);
  }

  private synchronized Kept walk(
      Map<Generation, WeakReference<ClassLoader>> loaders, boolean keep) {
    List<Generation> generations = List.copyOf(loaders.keySet());
    long walk = ThreadLocalRandom.current().nextLong();
    List<Marker> markers = mark(generations, loaders, walk);
    if (markers.isEmpty()) {
      return new Kept(List.of(), Optional.empty());
    }
    requireRoom();
    Optional<Path> kept = Optional.empty();
    try (PrivateFolder folder = PrivateFolder.in(settings.folder())) {
      Path dump = folder.path().resolve("heap.hprof");
      Duration pause = dump(dump);
      long heap = costs.estimate().heap(); // what it dumped: it has collected the garbage before
      Reference.reachabilityFence(markers);
      if (keep) { // before it is read: it is needed most where that fails
        dump = keep(folder, dump);
        kept = Optional.of(dump);
      }
      long begin = System.nanoTime();
      boolean ownProcess = !CAN_MAP_HERE || Files.size(dump) >= settings.ownProcessFrom();
      List<DumpReading.Answer> answers = read(folder.path(), dump, walk, ownProcess);
      Duration reading = Duration.ofNanos(System.nanoTime() - begin);
      last = new Walked(Files.size(dump), pause, reading, ownProcess);
      costs.learn(heap, Files.size(dump), pause, reading);
      return new Kept(
          answers.stream().map(answer -> path(generations.get(answer.number()), answer)).toList(),
          kept);
    } catch (IOException | DamagedDumpException | OverBudgetException e) {
      throw new HeapWalkException(
          "the heap was not walked: " + e.getMessage() + ". " + whatNow(kept), e);
    }
  }

  private static Path keep(PrivateFolder folder, Path dump) throws IOException {
    Path kept = folder.keep(dump);
    LOG.log(
        System.Logger.Level.INFO,
        "event=heap-dump-kept file=\"" + kept + "\" bytes=" + Files.size(kept));
    return kept;
  }

  private static String whatNow(Optional<Path> kept) {
    return kept.map(file -> "The dump is kept in " + file + ": look at it with another tool,")
            .orElse("Nothing of the dump is left: have it kept (leaks --why --keep),")
        + " or give the walk more time or memory";
  }

  // in a method of its own: no variable of the walk may hold a loader while the dump is written
  private static List<Marker> mark(
      List<Generation> generations,
      Map<Generation, WeakReference<ClassLoader>> loaders,
      long walk) {
    List<Marker> markers = new ArrayList<>();
    for (int i = 0; i < generations.size(); i++) {
      ClassLoader loader = loaders.get(generations.get(i)).get();
      if (loader != null) {
        markers.add(new Marker(loader, walk, i, generations.get(i).toString()));
      }
    }
    return markers;
  }

  private void requireRoom() {
    long needed = costs.dumpSize() + 16 * MB;
    long there;
    try {
      PrivateFolder.require(settings.folder());
      there = Files.getFileStore(settings.folder()).getUsableSpace();
    } catch (IOException e) {
      throw new HeapWalkException(
          "the heap was not walked: the folder for the dump, "
              + settings.folder()
              + ", cannot be used: "
              + e,
          e);
    }
    if (there < needed) {
      throw new HeapWalkException(
          "the heap was not walked: the dump needs about "
              + needed / MB
              + " MB in "
              + settings.folder()
              + ", where "
              + there / MB
              + " MB are free. Make room, or name another folder");
    }
  }

  private static Duration dump(Path dump) throws IOException {
    long begin = System.nanoTime();
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName(DIAGNOSTIC),
              "dumpHeap",
              new Object[] {dump.toString(), true},
              new String[] {String.class.getName(), boolean.class.getName()});
    } catch (JMException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new IOException("this JVM did not write the dump: " + why.getMessage(), why);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private List<DumpReading.Answer> read(Path folder, Path dump, long walk, boolean ownProcess)
      throws IOException {
    int threads = Math.min(THREADS_AT_MOST, Runtime.getRuntime().availableProcessors());
    if (ownProcess) {
      return new ReadingProcess(settings, folder).read(dump, walk, threads);
    }
    return DumpReading.read(
        dump,
        walk,
        threads,
        new Budget(settings.time(), Math.min(settings.memory(), freeMemory())));
  }

  // half of what this JVM could still take
  private static long freeMemory() {
    Runtime runtime = Runtime.getRuntime();
    return (runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory()) / 2;
  }

  private static HoldingPath path(Generation generation, DumpReading.Answer answer) {
    Verdict verdict =
        switch (answer.reach()) {
          case STRONGLY -> Verdict.HELD;
          case SOFTLY -> Verdict.SOFTLY_HELD;
          case NOT -> Verdict.WATCHED;
        };
    return new HoldingPath(
        generation, verdict, answer.told().holder(), answer.told().steps(), answer.told().remedy());
  }
}
