package dev.hotswap.bench;

import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.bench.contract.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/**
 * How long the publish of a staged set takes until a caller sees it. In windows of some hundred
 * publishes each; a row of the table is the median over all windows, so that a busy spell of the
 * machine spoils a few windows and not the row. The verdict is on all publishes.
 */
public final class PublishTable implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final double TARGET_MICROS = 100;
  private static final int WINDOW = 300;

  /** Until all of it is compiled; {@link SwappedRules} says why so many. */
  private static final int TO_WARM_UP = 20_000;

  private final Verdicts verdicts = new Verdicts();
  private final Path folder = Files.createTempDirectory("hotswap-bench");
  private final SwappedRules rules = new SwappedRules(folder);
  private final MemoryTouch touch = new MemoryTouch();
  private final AtomicLong told = new AtomicLong();
  private final List<Window> windows = new ArrayList<>();

  private PublishTable() throws IOException {}

  /** {@code --quick}: fewer windows. */
  public static void main(String... args) throws Exception {
    boolean quick = List.of(args).contains("--quick");
    System.out.printf("JDK %s; 10 KB plugin%n%n", System.getProperty("java.version"));
    int missed;
    try (PublishTable table = new PublishTable()) {
      table.measure(quick ? 7 : 25);
      missed = table.verdicts.close();
    }
    System.exit(missed);
  }

  private void measure(int count) throws Exception {
    rules.swap(); // the lookout must find something
    try (Subscription watching =
            rules
                .host()
                .subscribe(
                    event -> {
                      if (event instanceof SwapEvent.Published) {
                        told.set(System.nanoTime());
                      }
                    });
        Lookout lookout = new Lookout()) {
      new Window().publish(lookout, TO_WARM_UP);
      for (int i = 0; i < count; i++) {
        Window window = new Window();
        window.publish(lookout, WINDOW);
        windows.add(window);
      }
    }
    print();
  }

  private void print() {
    System.out.printf("us, medians of %d windows of %d publishes%n", windows.size(), WINDOW);
    System.out.printf("%-46s %6s %8s %8s%n", "", "p50", "p90", "p99");
    row("publish of a staged set until the event of it", Kind.TOLD);
    row("publish of a staged set until a caller sees it", Kind.SEEN);
    row("publish of a staged set until it returns", Kind.RETURNED);
    row(MemoryTouch.label(), Kind.TOUCHED);
    double seen = ofAll(Kind.SEEN, 99);
    verdicts.atMost("publish until a caller sees it, p99 of all, us", seen, TARGET_MICROS);
    System.out.printf(
        "         (over what the machine takes for the touching, p99: %.2f)%n%n",
        seen / ofAll(Kind.TOUCHED, 99));
  }

  private void row(String what, Kind kind) {
    System.out.printf(
        "%-46s %6.1f %8.1f %8.1f%n", what, median(kind, 50), median(kind, 90), median(kind, 99));
  }

  /** In microseconds. */
  private double median(Kind kind, double percentile) {
    long[] nanos =
        windows.stream()
            .mapToLong(each -> each.of(kind).getValueAtPercentile(percentile))
            .sorted()
            .toArray();
    return nanos[nanos.length / 2] / 1e3;
  }

  /** In microseconds, over the publishes of all windows: what a target is compared with. */
  private double ofAll(Kind kind, double percentile) {
    Histogram all = new Histogram(3);
    windows.forEach(each -> all.add(each.of(kind)));
    return all.getValueAtPercentile(percentile) / 1e3;
  }

  @Override
  public void close() throws Exception {
    rules.close();
    BareFelix.delete(folder);
  }

  /** What is measured of each publish. */
  private enum Kind {
    TOUCHED,
    TOLD,
    SEEN,
    RETURNED
  }

  /** Some publishes, one after the other. */
  private final class Window {
    private final List<Histogram> nanos = new ArrayList<>();

    Window() {
      for (int i = 0; i < Kind.values().length; i++) {
        nanos.add(new Histogram(3));
      }
    }

    Histogram of(Kind kind) {
      return nanos.get(kind.ordinal());
    }

    /** Each some milliseconds after its staging: so long the lookout calls what is there before. */
    void publish(Lookout lookout, int count) throws Exception {
      for (int i = 0; i < count; i++) {
        Path jar = rules.nextJar();
        StagedSet staged = rules.host().stage(jar);
        lookout.awaitCalls(600);
        of(Kind.TOUCHED).recordValue(touch.time());
        long start = System.nanoTime();
        Swap swap = staged.publish();
        of(Kind.RETURNED).recordValue(System.nanoTime() - start);
        of(Kind.SEEN).recordValue(lookout.await(rules.version()) - start);
        of(Kind.TOLD).recordValue(told.get() - start);
        swap.awaitReclaimed(LIMIT);
        Files.delete(jar);
      }
    }
  }

  /**
   * A caller that makes 200,000 calls a second, and notes when another version answers. One for all
   * publishes: a new one would still be compiled while it looks out, on the processor that the
   * publish needs. So would a version that is called a million times a second: it has had its 5,000
   * calls just when the next one is published.
   */
  private final class Lookout implements AutoCloseable {
    private static final long PERIOD_NANOS = 5_000;

    private final Thread thread = new Thread(this::call, "lookout");
    private volatile boolean closed;
    private volatile long calls;
    private long sight; // written before the answer, read after it
    private volatile Object answer;

    Lookout() {
      thread.start();
    }

    private void call() {
      while (!closed) {
        Object now = rules.handle().with(Rules::evaluate);
        long at = System.nanoTime();
        if (!now.equals(answer)) {
          sight = at;
          answer = now;
        }
        calls++; // by this thread alone
        while (System.nanoTime() < at + PERIOD_NANOS) {
          Thread.onSpinWait();
        }
      }
    }

    /** Spins, as does the next: a thread that is woken would take the caller's processor. */
    void awaitCalls(int more) {
      long end = calls + more;
      await(() -> calls >= end);
    }

    /** When the version answered first, on the clock of {@link System#nanoTime()}. */
    long await(Object version) {
      await(() -> version.equals(answer));
      return sight;
    }

    private void await(BooleanSupplier so) {
      while (!so.getAsBoolean()) {
        if (!thread.isAlive()) {
          throw new IllegalStateException("the lookout has failed, see above");
        }
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      thread.join();
    }
  }
}
