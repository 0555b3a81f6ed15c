package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.util.function.Consumer;

/**
 * Thread groups whose class is the generation's. Before JDK 19 a group is kept by its parent until
 * it is destroyed, which it can be once no thread is in it; since then it is kept by its threads
 * only, and there is nothing to do.
 */
final class ThreadGroups implements Sweep {
  private static final boolean KEPT = Runtime.version().feature() < 19;

  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    if (!KEPT) {
      return;
    }
    for (ThreadGroup group : RunningThreads.groups()) {
      if (own.has(group)) {
        found.accept(
            new Leftover(
                Leftover.Kind.OTHER,
                "thread group " + group.getName() + ", a " + Own.name(group),
                tryDestroy(group),
                "make it a daemon group, and end its threads in stop()"));
      }
    }
  }

  @SuppressWarnings("removal") // where it does something there is nothing else
  private static boolean tryDestroy(ThreadGroup group) {
    try {
      group.destroy();
      return true;
    } catch (IllegalThreadStateException e) {
      return false; // a thread is in it
    }
  }
}
