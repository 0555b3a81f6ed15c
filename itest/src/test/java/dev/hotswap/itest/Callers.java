package dev.hotswap.itest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that call until they are told to stop, and count what they did. Every 10,000 calls, or as
 * many as they are told, they let others have the processor for a moment: the swaps are what is
 * tested, and a machine may have fewer processors than callers.
 */
final class Callers implements AutoCloseable {
  private static final int BURST = 10_000;
  private static final long BREATH_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final int burst;
  private final LongAdder calls = new LongAdder();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  Callers() {
    this(BURST);
  }

  /**
   * @param burst how many calls each makes before it pauses
   */
  Callers(int burst) {
    this.burst = burst;
  }

  /** One call on a plugin. */
  interface Work {
    void call() throws Exception;
  }

  /** Starts one more thread, which ends at its first failure. */
  Callers start(String name, Work work) {
    Thread thread = new Thread(() -> run(work), "caller-" + name);
    threads.add(thread);
    thread.start();
    return this;
  }

  private void run(Work work) {
    try {
      for (int i = 1; !stopped; i++) {
        work.call();
        calls.increment();
        if (i % burst == 0) {
          LockSupport.parkNanos(BREATH_NANOS);
        }
      }
    } catch (Exception | LinkageError e) {
      failures.add(Thread.currentThread().getName() + ": " + e); // as text: e may be a plugin's
    }
  }

  /** The calls that came back, so far. */
  long calls() {
    return calls.sum();
  }

  List<String> failures() {
    return failures;
  }

  /** Tells the threads to stop, and waits for the end of their last calls. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(20));
      if (thread.isAlive()) {
        failures.add(thread.getName() + " is still inside a call");
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
