package dev.hotswap.leaks.heap;

import java.time.Duration;

/** What a reading may take: a time from its making on, and memory for its tables. Thread-safe. */
public final class Budget {
  private final Duration time;
  private final long deadline;
  private final long memory;

  /**
   * @param memory in bytes
   */
  public Budget(Duration time, long memory) {
    this.time = time;
    this.deadline = System.nanoTime() + time.toNanos();
    this.memory = memory;
  }

  /**
   * @throws OverBudgetException past the time
   */
  void checkTime() {
    if (System.nanoTime() - deadline > 0) {
      throw new OverBudgetException(
          "reading the heap dump takes more than its " + time.toSeconds() + " s");
    }
  }

  /**
   * @throws OverBudgetException where the tables would take more than the memory
   */
  void checkMemory(long needed) {
    if (needed > memory) {
      throw new OverBudgetException(
          "reading the heap dump needs "
              + (needed >> 20)
              + " MB of memory, and may take "
              + (memory >> 20)
              + " MB");
    }
  }
}
