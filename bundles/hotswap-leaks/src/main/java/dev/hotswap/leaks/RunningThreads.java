package dev.hotswap.leaks;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The platform threads of this JVM, and their groups. Virtual ones are in no list. */
final class RunningThreads {
  private RunningThreads() {}

  static List<Thread> all() {
    ThreadGroup root = root();
    return list(root.activeCount(), Thread[]::new, into -> root.enumerate(into, true));
  }

  /** All groups, the root among them. */
  static List<ThreadGroup> groups() {
    ThreadGroup root = root();
    List<ThreadGroup> below =
        list(root.activeGroupCount(), ThreadGroup[]::new, into -> root.enumerate(into, true));
    return Stream.concat(Stream.of(root), below.stream()).toList();
  }

  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  private interface Enumeration<T> {
    int into(T[] array);
  }

  /** What does not fit is left out without a word, so the array always has room left. */
  private static <T> List<T> list(int estimate, IntFunction<T[]> array, Enumeration<T> source) {
    for (int size = estimate + 16; ; size *= 2) {
      T[] found = array.apply(size);
      int count = source.into(found);
      if (count < size) {
        return Stream.of(found).limit(count).toList();
      }
    }
  }
}
