package dev.hotswap.osgi;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.hotswap.core.Uninterrupted;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs the steps of a close in which code of plugins may run, such as their stops: each on a thread
 * of its own, for a limited time. Past the limit the thread is interrupted; where the code ignores
 * that it is left behind. An interrupt of the closing thread changes nothing, and is kept.
 */
final class ClosingStep {
  /** How long code that was interrupted may take to end. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Duration limit;

  /**
   * @param limit for each step
   */
  ClosingStep(Duration limit) {
    this.limit = limit;
  }

  /** Whatever the step throws within the limit is thrown here. */
  void run(Runnable step) {
    FutureTask<Boolean> task = new FutureTask<>(step, true);
    Thread thread = new Thread(null, task, "hotswap-close", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(ClosingStep.class.getClassLoader());
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // no thread to be had: then here
      task.run();
    }
    if (!ends(thread, limit)) {
      thread.interrupt();
      ends(thread, GRACE);
    }
    if (task.isDone()) {
      Uninterrupted.run(() -> throwOf(task));
    }
  }

  private static boolean ends(Thread thread, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    Uninterrupted.run(() -> NANOSECONDS.timedJoin(thread, end - System.nanoTime()));
    return !thread.isAlive();
  }

  private static void throwOf(FutureTask<?> task) throws InterruptedException {
    try {
      task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException thrown
          ? thrown
          : new CompletionException(e.getCause());
    }
  }
}
