package dev.hotswap.leaks;

import dev.hotswap.api.HeapWalk;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;

/**
 * What walks cost: at first by rates of a slow disk, then by those of the last walk. Thread-safe.
 */
final class Costs {
  private static final double MB = 1 << 20;
  // measured on a machine of two cores with a disk that writes 300 MB/s
  private static final double DUMPED_AT_FIRST = 150 * MB;
  private static final double READ_AT_FIRST = 400 * MB;
  private static final double SIZE_AT_FIRST = 2;
  // a process of its own, and names
  private static final double START = 0.5;

  private double dumped = DUMPED_AT_FIRST;
  private double read = READ_AT_FIRST;
  private double size = SIZE_AT_FIRST;

  synchronized HeapWalk.Estimate estimate() {
    long heap = inUse();
    double pause = heap / dumped;
    double reading = START + heap * size / read;
    return new HeapWalk.Estimate(heap, seconds(pause), seconds(pause + reading));
  }

  /** How large the dump will be, in bytes. */
  synchronized long dumpSize() {
    return (long) (inUse() * size);
  }

  /**
   * Learns from a walk.
   *
   * @param heap what was in use when it was dumped, without garbage
   * @param dump the size of the dump
   */
  synchronized void learn(long heap, long dump, Duration pause, Duration reading) {
    dumped = heap / Math.max(0.001, pause.toNanos() / 1e9);
    // of a small heap all is start
    read = Math.max(READ_AT_FIRST / 10, dump / Math.max(0.001, reading.toNanos() / 1e9 - START));
    size = Math.max(1, (double) dump / Math.max(1, heap));
  }

  /** The bytes in use after the last collection; all that are used where none has been yet. */
  private static long inUse() {
    long total = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        MemoryUsage collected = pool.getCollectionUsage();
        total +=
            collected != null && collected.getUsed() > 0
                ? Math.min(collected.getUsed(), pool.getUsage().getUsed())
                : pool.getUsage().getUsed();
      }
    }
    return total;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
