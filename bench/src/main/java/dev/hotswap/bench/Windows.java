package dev.hotswap.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** What a caller feels in all windows of one kind. For one thread. */
final class Windows {
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final double PAUSE = 99.99;

  private final String beside;
  private final Caller caller;
  private final Change change;
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
   * @param beside what is changed in each of them, in words
   */
  Windows(String beside, Caller caller, Change change) {
    this.beside = beside;
    this.caller = caller;
    this.change = change;
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
  void second(int changes) throws Exception {
    try (Changes meanwhile = new Changes(change, changes)) {
      caller.callFor(SECOND, windows.get(windows.size() - 1));
      meanwhile.await();
    }
  }

  int count() {
    return windows.size();
  }

  /** The median of the ratios of p99.99 to that of the same round's window in which is nothing. */
  double against(Windows calm) {
    return against(calm, Windows::pause, 0.5);
  }

  /** The name of each column of {@link #print}. */
  static void printHead() {
    System.out.printf(
        "%-36s%7s%8s%16s%9s%9s%6s%n",
        "", "p50", "p99.99", "/ nothing", "longest", "moments", "/ n.");
  }

  void print(Windows calm) {
    System.out.printf(
        "%-36s%7.3f%8.3f%6.2f (%.2f-%.2f)%8.0f%9.0f%6.2f%n",
        beside,
        median(each -> each.getValueAtPercentile(50)) / 1e3,
        median(Windows::pause) / 1e3,
        against(calm),
        against(calm, Windows::pause, 0.25),
        against(calm, Windows::pause, 0.75),
        median(Histogram::getMaxValue) / 1e3,
        median(Windows::pauseOfMoments) / 1e3,
        againstOfMoments(calm));
  }

  /** As {@link #against(Windows)}, of moments. */
  double againstOfMoments(Windows calm) {
    return against(calm, Windows::pauseOfMoments, 0.5);
  }

  private static double pause(Histogram window) {
    return window.getValueAtPercentile(PAUSE);
  }

  /** As if a call began at every moment, so that a long one counts for all those it kept away. */
  private static double pauseOfMoments(Histogram window) {
    long interval = (long) Math.ceil(window.getMean());
    return window.copyCorrectedForCoordinatedOmission(interval).getValueAtPercentile(PAUSE);
  }

  private double against(Windows calm, ToDoubleFunction<Histogram> figure, double quantile) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      ratios.add(figure.applyAsDouble(windows.get(i)) / figure.applyAsDouble(calm.windows.get(i)));
    }
    return quantile(ratios, quantile);
  }

  private double median(ToDoubleFunction<Histogram> figure) {
    List<Double> values = new ArrayList<>();
    windows.forEach(each -> values.add(figure.applyAsDouble(each)));
    return quantile(values, 0.5);
  }

  private static double quantile(List<Double> values, double quantile) {
    return values.stream().sorted().toList().get((int) (values.size() * quantile));
  }

  /** Makes its changes in the middle of equal parts of a second, on a thread of its own. */
  private static final class Changes implements AutoCloseable {
    private final Change change;
    private final int count;
    private final long periodNanos;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "changes");
    private volatile Throwable failure;

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
      } catch (Throwable e) {
        failure = e;
      }
    }

    /** Until all of them are made. */
    void await() throws InterruptedException {
      thread.join();
      if (failure != null) {
        throw new IllegalStateException("a change failed", failure);
      }
    }

    @Override
    public void close() throws InterruptedException {
      closed.countDown();
      thread.join();
    }
  }
}
