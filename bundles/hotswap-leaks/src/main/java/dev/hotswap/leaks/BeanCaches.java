package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.beans.Introspector;
import java.util.function.Consumer;

/**
 * What the JDK has learned about beans. It keeps that apart for each thread group, so that a thread
 * of each has to say it; whether the generation is in there nobody can ask, so nothing is told.
 * Others lose a cache by it: they look once more.
 */
final class BeanCaches implements Sweep {
  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    for (ThreadGroup group : RunningThreads.groups()) {
      if (group == Thread.currentThread().getThreadGroup()) {
        Introspector.flushCaches();
      } else if (!own.has(group) && !isEndedWithItsLastThread(group)) {
        flushIn(group);
      }
    }
  }

  /** Before JDK 19 a daemon group without a thread would not outlive ours. */
  @SuppressWarnings("removal")
  private static boolean isEndedWithItsLastThread(ThreadGroup group) {
    return group.isDaemon() && group.activeCount() == 0;
  }

  private static void flushIn(ThreadGroup group) {
    Thread thread = new Thread(group, Introspector::flushCaches, "hotswap-flush", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(BeanCaches.class.getClassLoader());
    try {
      thread.start();
      thread.join();
    } catch (IllegalThreadStateException e) {
      // somebody has destroyed the group meanwhile
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it ends by itself
    }
  }
}
