package dev.hotswap.core;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;

/** The JVM, as far as {@link Verdicts} go by it. Thread-safe. */
interface Jvm {
  /**
   * Lets a canary go: a class loader that has defined a class, and that nothing refers to when this
   * returns.
   *
   * @return a weak reference to it, which comes into the queue once the JVM has unloaded it
   */
  Reference<ClassLoader> canary(ReferenceQueue<ClassLoader> queue);

  /** Asks for a collection of all garbage; a JVM may be set not to listen. */
  void collect();

  /** As {@link System#nanoTime()}. */
  long nanoTime();

  /**
   * Runs a task on a thread of its own, that nobody's call is on the stack of.
   *
   * @return false when there is no thread to be had
   */
  boolean tryRun(String name, Runnable task);
}
