package dev.hotswap.bench;

import dev.hotswap.bench.contract.Rules;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * What a swap costs in a host of many plugins, and one of a library that many are wired to. What is
 * compared is measured in turns in one run, so that the machine's moods hit all of it.
 */
public final class ScaleTable {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int BLOCK = 20;
  private static final int FEW = 10;
  private static final int MANY = 1000;

  private final Verdicts verdicts = new Verdicts();
  private final Path folder;

  private ScaleTable(Path folder) {
    this.folder = folder;
  }

  /** {@code --quick}: fewer swaps. */
  public static void main(String... args) throws Exception {
    boolean quick = List.of(args).contains("--quick");
    System.out.printf("JDK %s; 10 KB bundles%n%n", System.getProperty("java.version"));
    ScaleTable table = new ScaleTable(Files.createTempDirectory("hotswap-bench"));
    try {
      table.plugins(quick ? 6 : 20);
      table.dependents(quick ? 7 : 21);
    } finally {
      BareFelix.delete(table.folder);
    }
    System.exit(table.verdicts.close());
  }

  private void plugins(int rounds) throws Exception {
    try (Crowd few = new Hotswapped(folder, FEW);
        Crowd bareFew = new Bare(folder, FEW);
        Crowd many = new Hotswapped(folder, MANY);
        Crowd bareMany = new Bare(folder, MANY)) {
      List<Crowd> crowds = List.of(few, bareFew, many, bareMany);
      for (int round = -2; round < rounds; round++) {
        for (Crowd crowd : crowds) {
          crowd.swapBlock(BLOCK, round >= 0);
        }
      }
      System.out.printf(
          "%-46s %8s %8s%n", "ms per swap of one, until the old one is gone", "time", "cpu");
      row("Hotswap, " + FEW + " plugins", few);
      row("Hotswap, " + MANY + " plugins", many);
      row("bare Felix, " + FEW + " bundles", bareFew);
      row("bare Felix, " + MANY + " bundles", bareMany);
      String what = MANY + " plugins / " + FEW + ", medians of ";
      verdicts.atMost(what + "time", many.millis() / few.millis(), 1.5);
      verdicts.atMost(what + "processor time", many.cpuMillis() / few.cpuMillis(), 1.5);
    }
  }

  private static void row(String what, Crowd crowd) {
    System.out.printf("%-46s %8.2f %8.2f%n", what, crowd.millis(), crowd.cpuMillis());
  }

  /**
   * Linear is: what it takes for each bundle that gets a new generation grows by no more than half
   * from {@value #FEW} dependents to ten times as many.
   */
  private void dependents(int swaps) throws Exception {
    Map<Integer, Library> libraries = new LinkedHashMap<>();
    try {
      for (int dependents : List.of(FEW, 30, FEW * 10)) {
        libraries.put(dependents, new Library(folder, dependents));
      }
      for (int i = -3; i < swaps; i++) {
        for (Library library : libraries.values()) {
          library.swap(i >= 0);
        }
      }
      System.out.printf(
          "%n%-30s %8s %8s %10s %10s%n", "ms, medians", "plan", "swap", "plan/each", "swap/each");
      libraries.forEach(
          (dependents, library) ->
              System.out.printf(
                  "%-30s %8.2f %8.2f %10.3f %10.3f%n",
                  "a library with " + dependents + " dependents",
                  library.plan(),
                  library.swap(),
                  library.plan() / (dependents + 1),
                  library.swap() / (dependents + 1)));
      linear("plan", libraries, Library::plan);
      linear("swap", libraries, Library::swap);
    } finally {
      libraries.values().forEach(Library::close);
    }
  }

  private interface Figure {
    double of(Library library);
  }

  private void linear(String what, Map<Integer, Library> libraries, Figure figure) {
    double few = figure.of(libraries.get(FEW)) / (FEW + 1);
    double many = figure.of(libraries.get(FEW * 10)) / (FEW * 10 + 1);
    verdicts.atMost(what + " per bundle, " + FEW * 10 + " dependents / " + FEW, many / few, 1.5);
  }

  private static Host open() {
    Host host = Host.builder().standby(Duration.ZERO).share(Rules.class).open();
    host.handle(Rules.class);
    return host;
  }

  /** Plugins of one contract in one host. */
  private static final class Hotswapped extends Crowd {
    private final Host host;

    Hotswapped(Path parent, int size) throws Exception {
      super(Files.createTempDirectory(parent, "crowd"), size);
      host = open();
      for (int place = 0; place < size; place++) {
        swap(place, 1, jar(place, 1));
      }
    }

    @Override
    void swap(int place, int to, Path jar) throws Exception {
      host.swap(jar).awaitReclaimed(LIMIT);
    }

    @Override
    public void close() {
      host.close();
    }
  }

  /** The same bundles in a framework with nothing of ours: install, resolve, start, uninstall. */
  private static final class Bare extends Crowd {
    private final BareFelix felix;
    private final Bundle[] bundles;

    Bare(Path parent, int size) throws Exception {
      super(Files.createTempDirectory(parent, "crowd"), size);
      felix = new BareFelix(parent);
      bundles = new Bundle[size];
      for (int place = 0; place < size; place++) {
        swap(place, 1, jar(place, 1));
      }
    }

    @Override
    void swap(int place, int to, Path jar) throws IOException, BundleException {
      Bundle next;
      try (InputStream in = Files.newInputStream(jar)) {
        next = felix.context().installBundle("bare:" + place + "-" + to, in);
      }
      felix.context().getBundle().adapt(FrameworkWiring.class).resolveBundles(Set.of(next));
      next.start();
      if (bundles[place] != null) {
        bundles[place].uninstall();
      }
      bundles[place] = next;
    }

    @Override
    public void close() throws Exception {
      felix.close();
    }
  }

  /** A host with a library and those that are wired to it. */
  private static final class Library {
    private final Path folder;
    private final Host host;
    private final Histogram plans = new Histogram(3);
    private final Histogram swaps = new Histogram(3);
    private int version = 1;

    Library(Path parent, int dependents) throws Exception {
      folder = Files.createTempDirectory(parent, "library");
      host = open();
      host.swap(PluginJar.library(folder, "bench.library", version));
      for (int i = 0; i < dependents; i++) {
        host.swap(PluginJar.dependent(folder, "dependent." + i));
      }
    }

    /** One more version, planned first; until the old library and its dependents are gone. */
    void swap(boolean noted) throws Exception {
      version++;
      Path jar = PluginJar.library(folder, "bench.library", version);
      long start = System.nanoTime();
      host.plan(jar);
      long planned = System.nanoTime();
      host.swap(jar).awaitReclaimed(LIMIT);
      if (noted) {
        plans.recordValue(planned - start);
        swaps.recordValue(System.nanoTime() - planned);
      }
      Files.delete(jar);
    }

    double plan() {
      return plans.getValueAtPercentile(50) / 1e6;
    }

    double swap() {
      return swaps.getValueAtPercentile(50) / 1e6;
    }

    void close() {
      host.close();
    }
  }
}
