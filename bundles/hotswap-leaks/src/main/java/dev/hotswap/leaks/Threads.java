package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Threads. One is the generation's where its class or its group's is, or where its context class
 * loader is and it began in code of the generation's; it is named, and ended where the policy says
 * so. Of all others, context class loaders and exception handlers that are the generation's are
 * taken back, except from a caller's thread that is still inside a call, as after a drain that was
 * ended by force: the call gives it back when it ends.
 *
 * <p>What else a thread runs cannot be seen from outside: a stack tells classes by name only, and
 * the next generation's have the same names. A timer or a pool, whose threads are of the JDK's
 * classes, is found by the heap walk.
 */
final class Threads implements Sweep {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ThreadPolicy policy;

  Threads(ThreadPolicy policy) {
    this.policy = policy;
  }

  private record Running(Thread thread, String label) {}

  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    List<Running> theirs = new ArrayList<>();
    List<Thread> others = new ArrayList<>();
    for (Thread thread : RunningThreads.all()) {
      Optional<Running> running = theirs(own, thread);
      running.ifPresentOrElse(theirs::add, () -> others.add(thread));
    }
    if (policy == ThreadPolicy.INTERRUPT) {
      end(theirs);
    }
    theirs.forEach(running -> found.accept(leftover(running)));
    for (Thread thread : others) {
      takeLoader(own, thread, found);
      takeHandler(own, thread, found);
    }
  }

  private static Optional<Running> theirs(Own own, Thread thread) {
    boolean certain = own.has(thread) || own.has(thread.getThreadGroup());
    if (thread == Thread.currentThread()
        || !certain && !own.isLoader(thread.getContextClassLoader())) {
      return Optional.empty();
    }
    StackTraceElement[] stack = thread.getStackTrace();
    return certain || own.began(stack)
        ? Optional.of(new Running(thread, label(thread, own.frame(stack))))
        : Optional.empty();
  }

  private static String label(Thread thread, String frame) {
    String type = thread.getClass() == Thread.class ? "" : ", a " + Own.name(thread);
    return "thread \"" + thread.getName() + "\"" + type + (frame.isEmpty() ? "" : ", in " + frame);
  }

  private static Leftover leftover(Running running) {
    return new Leftover(
        Leftover.Kind.THREAD,
        running.label(),
        !running.thread().isAlive(),
        "end it in stop(), and wait there until it has ended");
  }

  private static void end(List<Running> all) {
    all.forEach(running -> running.thread().interrupt());
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (Running running : all) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(running.thread(), end - System.nanoTime());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void takeLoader(Own own, Thread thread, Consumer<Leftover> found) {
    if (!own.isLoader(thread.getContextClassLoader()) || isInside(own, thread)) {
      return;
    }
    try {
      thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    } catch (SecurityException e) {
      // some threads of the JDK's refuse; it is told below
    }
    found.accept(
        new Leftover(
            Leftover.Kind.CONTEXT_CLASS_LOADER,
            "context class loader of thread \"" + thread.getName() + "\"",
            !own.isLoader(thread.getContextClassLoader()),
            "set it back in a finally where it was set; create threads and pools under the context"
                + " class loader of the host"));
  }

  private static boolean isInside(Own own, Thread thread) {
    return thread != Thread.currentThread() && !own.frame(thread.getStackTrace()).isEmpty();
  }

  private static void takeHandler(Own own, Thread thread, Consumer<Leftover> found) {
    Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
    if (handler == thread.getThreadGroup() || !own.has(handler)) {
      return; // without one of its own it is the group
    }
    thread.setUncaughtExceptionHandler(null);
    found.accept(
        new Leftover(
            Leftover.Kind.OTHER,
            "uncaught exception handler "
                + Own.name(handler)
                + " of thread \""
                + thread.getName()
                + "\"",
            thread.getUncaughtExceptionHandler() != handler,
            "in stop(): thread.setUncaughtExceptionHandler(null)"));
  }
}
