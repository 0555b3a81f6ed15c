package dev.hotswap.watch;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * What was told about the folder since it was last looked at. The watching thread only adds to it;
 * the acting thread waits for it. Thread-safe.
 */
final class Touched {
  private final Set<String> names = new HashSet<>();
  private boolean all;
  private boolean told;
  private boolean ended;

  /**
   * What was told.
   *
   * @param all whether it may have been any file, since events were lost
   * @param names of files otherwise
   */
  record Round(boolean all, Set<String> names) {
    static final Round NOTHING = new Round(false, Set.of());

    boolean contains(String name) {
      return all || names.contains(name);
    }
  }

  synchronized void add(String name) {
    names.add(name);
    tell();
  }

  synchronized void addAll() {
    all = true;
    tell();
  }

  /** There is something to look at that no file tells. */
  synchronized void tell() {
    told = true;
    notifyAll();
  }

  /** Nobody waits any more, and from now on there is nothing to act on. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized boolean isEnded() {
    return ended;
  }

  /** Waits until something is told, for at most so long. */
  synchronized Round await(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); !told && !ended && left > 0; left = end - System.nanoTime()) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    Round round = new Round(all, Set.copyOf(names));
    names.clear();
    all = false;
    told = false;
    return round;
  }
}
