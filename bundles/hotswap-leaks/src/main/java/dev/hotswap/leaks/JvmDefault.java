package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One value that a JVM has only once, and what stood there before a plugin set it. Thread-safe. */
final class JvmDefault<T> {
  private final String name;
  private final Supplier<T> get;
  private final Consumer<T> set;
  private final Supplier<T> original;
  private final String remedy;
  private Supplier<T> before;

  /**
   * @param original what stood there before any plugin ran, or the JDK's own
   * @param setter by which it is set, for the remedy
   */
  JvmDefault(String name, Supplier<T> get, Consumer<T> set, Supplier<T> original, String setter) {
    this.name = name;
    this.get = get;
    this.set = set;
    this.original = original;
    this.remedy = "in stop(), where it is still the plugin's: " + setter + "(what stood before)";
    this.before = original;
  }

  synchronized void undo(Own own, Consumer<Leftover> found) {
    T now = get.get();
    if (!own.has(now)) {
      before = kept(now);
      return;
    }
    T last = before.get();
    set.accept(own.has(last) ? original.get() : last);
    String type = Own.name(now);
    found.accept(
        new Leftover(Leftover.Kind.JVM_DEFAULT, name + ", a " + type, !own.has(get.get()), remedy));
  }

  /** Without keeping it: it, or what it wraps, may be another plugin's, who would be held by us. */
  private Supplier<T> kept(T value) {
    if (value == null) {
      return () -> null;
    }
    WeakReference<T> weak = new WeakReference<>(value);
    return () -> {
      T last = weak.get();
      return last == null ? original.get() : last;
    };
  }
}
