package dev.hotswap.core;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;

/**
 * Gives each task a thread that ran nothing before: one that served many swaps would collect
 * thread-local leftovers of every plugin it started. To start a thread takes about as long as a
 * third of a swap's own work, so the next two are started beforehand: a swap takes one to start the
 * new generation, and one to see the old one off.
 *
 * <p>They are started by a thread that never runs a task and that nobody's call is on the stack of:
 * before JDK 24 a thread inherits the protection domains, and so the class loaders, of whoever
 * creates it. Thread-safe.
 */
final class FreshThreads {
  private static final long REAP_NANOS = SECONDS.toNanos(2);
  private static final long PATIENCE_SECONDS = 5;

  private final SynchronousQueue<Task> tasks = new SynchronousQueue<>();
  private final Semaphore wanted = new Semaphore(2);
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final Thread starter = daemon("hotswap-starter", this::start);
  private final Set<Thread> idle = ConcurrentHashMap.newKeySet();

  private record Task(String name, Runnable work) {}

  FreshThreads() {
    starter.start();
  }

  /**
   * Runs a task on a thread of that name.
   *
   * @return false when there is no thread to be had
   */
  boolean tryRun(String name, Runnable work) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return tasks.offer(new Task(name, work), PATIENCE_SECONDS, SECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Interrupts a thread, and no longer waits for it. */
  void abandon(Thread thread) {
    running.remove(thread);
    thread.interrupt();
  }

  /**
   * Ends all of them: gives tasks two seconds, then interrupts, and gives two more, which a
   * plugin's stop may ignore.
   */
  void end() {
    starter.interrupt();
    Uninterrupted.run(starter::join);
    awaitEnd(idle);
    awaitEnd(running);
    running.forEach(Thread::interrupt);
    awaitEnd(running);
  }

  private static void awaitEnd(Set<Thread> threads) {
    long end = System.nanoTime() + REAP_NANOS;
    for (Thread thread : threads) {
      if (thread != Thread.currentThread()) {
        Uninterrupted.run(() -> NANOSECONDS.timedJoin(thread, end - System.nanoTime()));
      }
    }
  }

  private void start() {
    try {
      while (true) {
        wanted.acquire();
        startOne();
      }
    } catch (InterruptedException e) {
      idle.forEach(Thread::interrupt); // no task is handed over any more
    }
  }

  private void startOne() throws InterruptedException {
    Thread next = daemon("hotswap-fresh", this::runOne);
    idle.add(next);
    try {
      next.start();
    } catch (OutOfMemoryError e) { // no thread to be had: perhaps later
      idle.remove(next);
      wanted.release();
      SECONDS.sleep(1);
    }
  }

  private void runOne() {
    try {
      Task task = tasks.take();
      idle.remove(Thread.currentThread());
      running.add(Thread.currentThread());
      wanted.release();
      Thread.currentThread().setName(task.name);
      task.work.run();
    } catch (InterruptedException e) {
      return; // the host closes, and nothing was to do
    } finally {
      idle.remove(Thread.currentThread());
      running.remove(Thread.currentThread());
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(FreshThreads.class.getClassLoader());
    return thread;
  }
}
