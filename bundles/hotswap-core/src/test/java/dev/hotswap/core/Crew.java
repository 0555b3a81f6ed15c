package dev.hotswap.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** The threads of one test: each is joined within the limit, and what it threw fails the test. */
final class Crew implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<Member<?>> members = new CopyOnWriteArrayList<>();

  /** Work that answers nothing and may throw. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** A thread and its answer. */
  record Member<T>(Thread thread, FutureTask<T> task) {
    T join() throws Exception {
      try {
        return task.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Exception thrown) {
          throw thrown;
        }
        throw new AssertionError(thread.getName() + " failed", e.getCause());
      } catch (TimeoutException e) {
        AssertionError stuck = new AssertionError(thread.getName() + " is stuck");
        stuck.setStackTrace(thread.getStackTrace());
        throw stuck;
      }
    }

    /** Waits until the thread is waiting for something itself. */
    void awaitParked() {
      Awaitility.await(thread.getName() + " waits")
          .atMost(LIMIT)
          .until(() -> isParked(thread.getState()) || !thread.isAlive());
    }

    private static boolean isParked(Thread.State state) {
      return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }
  }

  /** Starts a platform thread of exactly the class {@code Thread}. */
  <T> Member<T> call(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    return start(new Thread(task, name), task);
  }

  Member<Void> run(String name, Work work) {
    return call(
        name,
        () -> {
          work.run();
          return null;
        });
  }

  /** Starts a platform thread whose stripe is the other's too. */
  <T> Member<T> callOnTheStripeOf(Thread other, String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    while (Pins.stripeOf(thread) != Pins.stripeOf(other)) {
      thread = new Thread(task, name);
    }
    return start(thread, task);
  }

  /** Starts a thread made by the test, which must run the task. */
  <T> Member<T> start(Thread thread, FutureTask<T> task) {
    Member<T> member = new Member<>(thread, task);
    members.add(member);
    thread.setDaemon(true);
    thread.start();
    return member;
  }

  /** Waits for all. */
  void join() throws Exception {
    for (Member<?> member : members) {
      member.join();
      member.thread().join(LIMIT.toMillis());
    }
  }

  /** Waits for the latch within the limit. */
  static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("nobody opened the latch");
    }
  }

  /** Lets the others go on until it is so, within the limit. */
  static void awaitTrue(String what, BooleanSupplier isSo) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("nobody came to " + what);
      }
      Thread.yield();
    }
  }

  /** Interrupts those who are left over by a test that failed. */
  @Override
  public void close() {
    members.forEach(member -> member.thread().interrupt());
  }
}
