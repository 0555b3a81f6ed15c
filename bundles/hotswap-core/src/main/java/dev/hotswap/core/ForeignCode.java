package dev.hotswap.core;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs code of plugins, which may take for ever, each time on a {@linkplain FreshThreads fresh
 * thread}, and waits for it for a limited time. Thread-safe.
 */
final class ForeignCode {
  private final FreshThreads threads;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  ForeignCode(FreshThreads threads) {
    this.threads = threads;
  }

  /** Whether the thread is running such code now. */
  boolean isRunBy(Thread thread) {
    return running.contains(thread);
  }

  /**
   * Runs the code and answers its result; whatever it throws is thrown here. Past the limit its
   * thread is interrupted and given up. An interrupt of the caller changes nothing, and is kept.
   *
   * @param name of the thread
   * @param undo what to do, on that thread, with a result that comes too late
   * @return empty when the limit passed
   */
  <T> Optional<T> within(Duration limit, String name, Supplier<T> code, Consumer<T> undo) {
    return within(limit, Duration.ZERO, name, code, undo);
  }

  /**
   * As {@link #within(Duration, String, Supplier, Consumer)}.
   *
   * @param grace how long to wait, past the limit, for the thread to leave the code and the undo
   */
  <T> Optional<T> within(
      Duration limit, Duration grace, String name, Supplier<T> code, Consumer<T> undo) {
    return within(new Patience(limit, grace, false), name, code, undo);
  }

  /**
   * How code is waited for.
   *
   * @param limit for so long
   * @param grace how long to wait, past the limit, for the thread to leave the code and the undo
   * @param heedsInterrupts whether an interrupt of the caller ends the wait as the limit does; it
   *     is kept in any case
   */
  record Patience(Duration limit, Duration grace, boolean heedsInterrupts) {}

  /** As {@link #within(Duration, String, Supplier, Consumer)}. */
  <T> Optional<T> within(Patience patience, String name, Supplier<T> code, Consumer<T> undo) {
    return begin(name, code, undo).await(patience);
  }

  /**
   * Begins to run the code. The caller may do something of its own before it waits.
   *
   * @param name of the thread
   * @param undo what to do, on that thread, with a result that comes too late
   */
  <T> Run<T> begin(String name, Supplier<T> code, Consumer<T> undo) {
    Run<T> run = new Run<>(code, undo);
    if (!threads.tryRun(name, run)) {
      throw new IllegalStateException("the system gives no thread for it");
    }
    run.begun = System.nanoTime();
    return run;
  }

  private static RuntimeException rethrown(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException known ? known : new CompletionException(thrown);
  }

  /** Code under way. Whoever has begun it waits for it, once. */
  final class Run<T> implements Runnable {
    private long begun; // of whoever waits
    private final Supplier<T> code;
    private final Consumer<T> undo;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private Thread inCode; // these two are guarded by this
    private boolean givenUp;

    private Run(Supplier<T> code, Consumer<T> undo) {
      this.code = code;
      this.undo = undo;
    }

    @Override
    public void run() {
      Thread thread = Thread.currentThread();
      running.add(thread);
      try {
        T result = inside();
        if (!outcome.complete(result)) {
          undo.accept(result);
        }
      } catch (RuntimeException | Error e) {
        outcome.completeExceptionally(e);
      } finally {
        running.remove(thread);
        ended.countDown();
      }
    }

    private T inside() {
      enter();
      try {
        return code.get();
      } finally {
        leave();
      }
    }

    private synchronized void enter() {
      inCode = Thread.currentThread();
      if (givenUp) {
        threads.abandon(inCode); // before it has even begun
      }
    }

    /** From here on it is not interrupted any more, and what came until here is forgotten. */
    private synchronized void leave() {
      inCode = null;
      if (givenUp) {
        Thread.interrupted(); // it was meant for the code
      }
    }

    /**
     * Answers the result of the code; whatever it throws is thrown here.
     *
     * @param patience its limit counts from the begin; a result that is there counts all the same
     * @return empty when the limit passed, or an interrupt was heeded
     */
    Optional<T> await(Patience patience) {
      boolean interrupted = false;
      long end = begun + patience.limit.toNanos();
      try {
        while (true) {
          try {
            return Optional.of(outcome.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
          } catch (InterruptedException e) {
            interrupted = true;
            if (patience.heedsInterrupts && tryGiveUp()) {
              return Optional.empty();
            }
          } catch (TimeoutException e) {
            if (tryGiveUp()) {
              interrupted |= !awaitEnd(patience.grace);
              return Optional.empty();
            }
          } catch (ExecutionException e) {
            throw rethrown(e.getCause());
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    /** Answers false when the caller was interrupted. */
    private boolean awaitEnd(Duration grace) {
      try {
        ended.await(grace.toNanos(), TimeUnit.NANOSECONDS);
        return true;
      } catch (InterruptedException e) {
        return false;
      }
    }

    /** Answers false where the result is there: whoever completes the outcome first decides. */
    private boolean tryGiveUp() {
      boolean first = outcome.cancel(false);
      if (first) {
        giveUp();
      }
      return first;
    }

    /** Nobody waits for the code any more; it is interrupted, if it has not come back meanwhile. */
    private synchronized void giveUp() {
      givenUp = true;
      if (inCode != null) {
        threads.abandon(inCode);
      }
    }
  }
}
