package dev.hotswap.core;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each task a thread that ran nothing before: one that served many swaps would collect
 * thread-local leftovers of every plugin it started. To start a thread takes about as long as a
 * third of a swap's own work, so some are started beforehand.
 *
 * <p>A thread that begins or ends beside a swap costs it some 20 us each: stacks are mapped and
 * unmapped, for which the system interrupts every processor that runs the process. So for a moment
 * from when a task begins its thread does not end, and from when the first of some tasks begins no
 * spare is started in their place, unless another task finds none: after it a short swap is over.
 *
 * <p>They are started by a thread that never runs a task and that nobody's call is on the stack of:
 * before JDK 24 a thread inherits the protection domains, and so the class loaders, of whoever
 * creates it. Thread-safe.
 */
final class FreshThreads {
  /** A swap takes one to start the new generation, one to warm it up, and one for the old one. */
  private static final int SPARES = 3;

  /** From its first task to its last a swap of one plugin takes half a millisecond. */
  private static final Duration A_MOMENT = Duration.ofMillis(2);

  private static final long REAP_NANOS = SECONDS.toNanos(2);
  private static final long PATIENCE_SECONDS = 5;

  private final Duration moment;
  private final SynchronousQueue<Task> tasks = new SynchronousQueue<>();
  private final Semaphore wanted = new Semaphore(0);
  private final AtomicInteger asking = new AtomicInteger(); // who have found no spare
  private final Semaphore asked = new Semaphore(0); // wakes the starter for them
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final Thread starter = daemon("hotswap-starter", this::start);
  private final Set<Thread> idle = ConcurrentHashMap.newKeySet();

  private record Task(String name, Runnable work) {}

  FreshThreads() {
    this(A_MOMENT);
  }

  /**
   * @param moment for how long from when a task begins no thread begins or ends
   */
  FreshThreads(Duration moment) {
    this.moment = moment;
    starter.start();
  }

  /**
   * Runs a task on a thread of that name.
   *
   * @return false when there is no thread to be had
   */
  boolean tryRun(String name, Runnable work) {
    Task task = new Task(name, work);
    if (tasks.offer(task)) {
      return true;
    }
    boolean interrupted = false;
    asking.incrementAndGet();
    asked.release();
    try {
      while (true) {
        try {
          return tasks.offer(task, PATIENCE_SECONDS, SECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      asking.decrementAndGet();
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
    ending.countDown();
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
      start(SPARES);
      while (true) {
        wanted.acquire();
        awaitMoment();
        start(1 + wanted.drainPermits());
      }
    } catch (InterruptedException e) {
      idle.forEach(Thread::interrupt); // no task is handed over any more
    }
  }

  /** Until it is over, or somebody waits for a thread. */
  private void awaitMoment() throws InterruptedException {
    long end = System.nanoTime() + moment.toNanos();
    boolean over = false;
    while (!over && asking.get() == 0) { // else who has woken us is served by now
      over = !asked.tryAcquire(end - System.nanoTime(), NANOSECONDS);
    }
  }

  private void start(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      startOne();
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
      running.add(Thread.currentThread()); // first, or end() might find it nowhere
      idle.remove(Thread.currentThread());
      wanted.release();
      Thread.currentThread().setName(task.name);
      long begun = System.nanoTime();
      task.work.run();
      linger(begun);
    } catch (InterruptedException e) {
      return; // the host closes, and nothing was to do
    } finally {
      idle.remove(Thread.currentThread());
      running.remove(Thread.currentThread());
    }
  }

  /** What the task has left on the thread would count as left behind, if anybody looked now. */
  private void linger(long begun) throws InterruptedException {
    Thread.interrupted();
    own(Thread.currentThread());
    Thread.currentThread().setUncaughtExceptionHandler(null);
    ending.await(begun + moment.toNanos() - System.nanoTime(), NANOSECONDS);
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    own(thread);
    return thread;
  }

  private static void own(Thread thread) {
    thread.setContextClassLoader(FreshThreads.class.getClassLoader());
  }
}
