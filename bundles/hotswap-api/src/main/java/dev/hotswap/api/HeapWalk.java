package dev.hotswap.api;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what holds class loaders, by a heap dump that is read, and deleted unless asked for. The
 * JVM stands still while the dump is written: {@link #estimate()} says beforehand for about how
 * long. Thread-safe; one walk at a time.
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

  /**
   * What a walk has found.
   *
   * @param dump where the dump is, where it was kept; empty where nothing was dumped
   */
  record Kept(List<HoldingPath> paths, Optional<Path> dump) {}

  /** What a walk would cost now. */
  Estimate estimate();

  /**
   * Walks once for all of them.
   *
   * @param loaders the class loaders of the generations that are asked about; those that have been
   *     collected meanwhile are left out of the answer
   * @return one path for each of the others, in no particular order
   * @throws HeapWalkException when the dump cannot be written or read, or takes more time or memory
   *     than it may; the message says what is left of it
   */
  List<HoldingPath> walk(Map<Generation, WeakReference<ClassLoader>> loaders);

  /**
   * As {@link #walk}, and keeps the dump for other tools, whatever comes of its reading. Whoever
   * asks deletes it.
   *
   * @throws HeapWalkException as {@link #walk}, and where this walk keeps no dumps; then nothing
   *     was walked
   */
  default Kept walkAndKeep(Map<Generation, WeakReference<ClassLoader>> loaders) {
    throw new HeapWalkException(
        "the heap was not walked: what walks it here keeps no dumps. Ask without that.");
  }
}
