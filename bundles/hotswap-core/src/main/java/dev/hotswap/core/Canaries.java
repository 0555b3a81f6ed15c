package dev.hotswap.core;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;

/**
 * Canaries of a {@link Jvm}, one after the other: the next is let go when the one before is gone.
 * So each that goes tells of an unloading of its own, which began after the one before was seen.
 * Guarded by the lock of {@link Judge}.
 */
final class Canaries {
  private final Jvm jvm;
  private final ReferenceQueue<ClassLoader> queue;
  private Reference<?> out; // null: none is
  private long released;

  Canaries(Jvm jvm, ReferenceQueue<ClassLoader> queue) {
    this.jvm = jvm;
    this.queue = queue;
  }

  /** How many have been let go; the next one is younger than whatever is there now. */
  long released() {
    return released;
  }

  /** How many of them the JVM has unloaded. */
  long gone() {
    return out == null ? released : released - 1;
  }

  /** Has one out. */
  void release() {
    if (out == null) {
      try {
        out = jvm.canary(queue);
        released++;
      } catch (OutOfMemoryError e) {
        return; // the JVM has no room for a class; whoever looks next tries again
      }
    }
  }

  /** Takes note where it is the one that was out. */
  void tryBury(Reference<?> gone) {
    if (gone == out) {
      out = null;
    }
  }
}
