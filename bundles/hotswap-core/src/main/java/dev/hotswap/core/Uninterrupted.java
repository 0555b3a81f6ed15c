package dev.hotswap.core;

/** Waits to the end, whatever interrupts come meanwhile; they are kept for the caller. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Something that is waited for, with an end of its own; it is begun again when interrupted. */
  public interface Wait {
    /**
     * Waits.
     *
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    void run() throws InterruptedException;
  }

  /** Returns when the wait does. Thread-safe. */
  public static void run(Wait wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          wait.run();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
