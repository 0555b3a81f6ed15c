package dev.hotswap.leaks.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Does pieces of work on a few threads at once, which end with it. */
final class Crew {
  private final int threads;
  private final Budget budget;

  Crew(int threads, Budget budget) {
    this.threads = threads;
    this.budget = budget;
  }

  int threads() {
    return threads;
  }

  /**
   * Does the pieces 0 to {@code pieces}; returns when all are done.
   *
   * @param member makes what a thread does to a piece; asked once for each thread, by its number
   * @throws OverBudgetException past the time
   */
  void work(int pieces, IntFunction<IntConsumer> member) {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> started = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, pieces); i++) {
      IntConsumer work = member.apply(i);
      Thread thread = new Thread(() -> loop(pieces, next, failure, work), "hotswap-heap-walk-" + i);
      thread.setDaemon(true);
      thread.start();
      started.add(thread);
    }
    loop(pieces, next, failure, member.apply(0));
    join(started, next, pieces);
    Throwable thrown = failure.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw (RuntimeException) thrown;
    }
  }

  private void loop(
      int pieces, AtomicInteger next, AtomicReference<Throwable> failure, IntConsumer work) {
    try {
      for (int piece; (piece = next.getAndIncrement()) < pieces; ) {
        budget.checkTime();
        work.accept(piece);
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      next.set(pieces);
    }
  }

  private static void join(List<Thread> started, AtomicInteger next, int pieces) {
    boolean interrupted = false;
    for (Thread thread : started) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          // they look at the file that is deleted next, so they are waited for all the same
          interrupted = true;
          next.set(pieces);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new OverBudgetException("the reading of the heap dump was interrupted");
    }
  }
}
