package dev.hotswap.api;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Finds what holds class loaders, by a heap dump that is read and deleted. The JVM stands still
 * while the dump is written: {@link #estimate()} says beforehand for about how long. Thread-safe;
 * one walk at a time.
 */
public interface HeapWalk {
  /**
   * What a walk would cost now.
   *
   * @param heap the bytes in use, at most so many of which are dumped
   * @param pause for about how long all threads stand still
   * @param whole for about how long the walk takes, with the pause
   */
  record Estimate(long heap, Duration pause, Duration whole) {}

  /** What a walk would cost now. */
  Estimate estimate();

  /**
   * Walks once for all of them.
   *
   * @param loaders the class loaders of the generations that are asked about; those that have been
   *     collected meanwhile are left out of the answer
   * @return one path for each of the others, in no particular order
   * @throws HeapWalkException when the dump cannot be written or read, or takes more time or memory
   *     than it may; nothing of it is left
   */
  List<HoldingPath> walk(Map<Generation, WeakReference<ClassLoader>> loaders);
}
