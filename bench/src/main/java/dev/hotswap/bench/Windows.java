package dev.hotswap.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What a caller feels in all windows of one kind. For one thread. */
final class Windows {
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final double PAUSE = 99.99;

  private final String beside;
  private final List<Histogram> windows = new ArrayList<>();

  /** Calls for some time, and notes how many nanoseconds each call takes. */
  interface Caller {
    void callFor(long nanos, Histogram latencies);
  }

  /** What is changed meanwhile. */
  interface Change {
    void run() throws Exception;
  }

  /**
   * @param beside what is changed in each of them
   */
  Windows(String beside) {
    this.beside = beside;
  }

  /** What is called from now on belongs to the next window. */
  void open() {
    windows.add(new Histogram(3));
  }

  /**
   * Calls for a second of the open window.
   *
   * @param changes how many there are meanwhile, evenly spread
   */
  void second(Caller caller, int changes, Change change) throws Exception {
    try (Changes meanwhile = new Changes(change, changes)) {
      caller.callFor(SECOND, windows.get(windows.size() - 1));
      meanwhile.await();
    }
  }

  /** The median of the ratios of the slowest calls, p99.99, to those of the same round. */
  double against(Windows calm) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      double pause = windows.get(i).getValueAtPercentile(PAUSE);
      ratios.add(pause / calm.windows.get(i).getValueAtPercentile(PAUSE));
    }
    ratios.sort(null);
    return ratios.get(ratios.size() / 2);
  }

  void print(Windows calm) {
    System.out.printf(
        "%-40s %7.3f %7.3f %7.3f %9.1f %10.2f%n",
        beside,
        median(50) / 1e3,
        median(99.9) / 1e3,
        median(PAUSE) / 1e3,
        median(100) / 1e3,
        against(calm));
  }

  private long median(double percentile) {
    long[] values =
        windows.stream()
            .mapToLong(each -> each.getValueAtPercentile(percentile))
            .sorted()
            .toArray();
    return values[values.length / 2];
  }

  /** Makes its changes in the middle of equal parts of a second, on a thread of its own. */
  private static final class Changes implements AutoCloseable {
    private final Change change;
    private final int count;
    private final long periodNanos;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "changes");
    private volatile Exception failure;

    Changes(Change change, int count) {
      this.change = change;
      this.count = count;
      this.periodNanos = SECOND / Math.max(1, count);
      thread.start();
    }

    private void run() {
      try {
        long next = System.nanoTime() + periodNanos / 2;
        for (int i = 0; i < count; i++) {
          if (closed.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return;
          }
          change.run();
          next += periodNanos;
        }
      } catch (Exception e) {
        failure = e;
      }
    }

    /** Until all of them are made. */
    void await() throws Exception {
      thread.join();
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void close() throws InterruptedException {
      closed.countDown();
      thread.join();
    }
  }
}
