package dev.hotswap.examples.app;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.Set;

/** The class loaders of all service objects that the callers have met, held weakly. Thread-safe. */
final class Loaders {
  private static final int ROUNDS = 100;
  private static final long ROUND_MILLIS = 100;

  private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
  private final Set<Reference<ClassLoader>> live = new HashSet<>();
  private volatile WeakReference<ClassLoader> last = new WeakReference<>(null);

  /** Notes the loader of a service object's class. Cheap when it is the one seen last. */
  void see(Object service) {
    ClassLoader loader = service.getClass().getClassLoader();
    if (!last.refersTo(loader)) {
      note(loader);
    }
  }

  private synchronized void note(ClassLoader loader) {
    if (live.stream().noneMatch(known -> known.refersTo(loader))) {
      live.add(new WeakReference<>(loader, collected));
    }
    last = new WeakReference<>(loader);
  }

  /**
   * Has garbage collected until at most {@code goal} loaders live, or it has been tried long
   * enough.
   *
   * @return how many live
   */
  int awaitCollected(int goal) throws InterruptedException {
    for (int round = 0; round < ROUNDS && live() > goal; round++) {
      System.gc();
      drop(collected.remove(ROUND_MILLIS));
    }
    return live();
  }

  private synchronized void drop(Reference<?> cleared) {
    for (Reference<?> next = cleared; next != null; next = collected.poll()) {
      live.remove(next);
    }
  }

  private synchronized int live() {
    return live.size();
  }
}
