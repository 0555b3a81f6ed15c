package dev.hotswap.itest;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Remembers class loaders without keeping them. */
final class Loaders {
  private final List<WeakReference<ClassLoader>> seen = new ArrayList<>();

  void add(Object service) {
    ClassLoader loader = service.getClass().getClassLoader();
    if (seen.stream().noneMatch(known -> known.refersTo(loader))) {
      seen.add(new WeakReference<>(loader));
    }
  }

  /** How many there ever were. */
  int seen() {
    return seen.size();
  }

  /** Forgets those that are gone: what remembers each of many would itself grow. */
  void forgetCollected() {
    seen.removeIf(loader -> loader.refersTo(null));
  }

  /** How many are left after one more garbage collection. */
  long live() {
    System.gc();
    return seen.stream().filter(loader -> !loader.refersTo(null)).count();
  }
}
