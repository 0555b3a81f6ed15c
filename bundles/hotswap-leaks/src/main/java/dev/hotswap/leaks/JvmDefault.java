package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** One value that a JVM has only once, and what stood there before a plugin set it. Thread-safe. */
abstract class JvmDefault<T> {
  private final String name;
  private final String setter;
  private boolean hasFirst;
  private T first;
  private boolean wasSet;
  private WeakReference<T> last = new WeakReference<>(null);

  /**
   * @param setter by which it is set, for the remedy
   */
  JvmDefault(String name, String setter) {
    this.name = name;
    this.setter = setter;
  }

  abstract T get();

  abstract void set(T value);

  /** What to set where what stood before is gone. */
  T ofTheJdk() {
    return null;
  }

  /** What stands now is what to go back to: no plugin of this host has run yet. */
  synchronized void remember() {
    T now = get();
    hasFirst = isForEver(now);
    first = hasFirst ? now : null;
    seen(now);
  }

  /** Whether its class, at least, is no plugin's of another host. */
  private static boolean isForEver(Object value) {
    ClassLoader loader = value == null ? null : value.getClass().getClassLoader();
    return loader == null
        || loader == ClassLoader.getPlatformClassLoader()
        || loader == ClassLoader.getSystemClassLoader() && !Proxy.isProxyClass(value.getClass());
  }

  synchronized void undo(Own own, Consumer<Leftover> found) {
    T now = get();
    if (!own.has(now)) {
      seen(now);
      return;
    }
    set(before(own));
    found.accept(
        new Leftover(
            Leftover.Kind.JVM_DEFAULT,
            name + ", a " + Own.name(now),
            !own.has(get()),
            "in stop(), where it is still the plugin's: " + setter + "(what stood before)"));
  }

  /** Without keeping it: it, or what it wraps, may be another plugin's, who would be held by us. */
  private void seen(T value) {
    wasSet = value != null;
    last = new WeakReference<>(value);
  }

  private T before(Own own) {
    T seen = last.get();
    if (!wasSet || seen != null && !own.has(seen)) {
      return seen;
    }
    return hasFirst ? first : ofTheJdk();
  }
}
