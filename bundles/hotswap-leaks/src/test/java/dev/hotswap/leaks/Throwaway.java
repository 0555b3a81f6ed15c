package dev.hotswap.leaks;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;

/** A generation of the classes that leave something behind, loaded once more for itself. */
final class Throwaway {
  private static final String PACKAGE = "dev.hotswap.leaks.left.";

  private Loader loader = new Loader();
  private final WeakReference<ClassLoader> watched = new WeakReference<>(loader);

  /** Has one of them leave it behind, on this thread; after that nothing more is loaded. */
  Throwaway run(Class<? extends Runnable> type) {
    try {
      Object copy = loader.loadClass(type.getName()).getDeclaredConstructor().newInstance();
      ((Runnable) copy).run();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    loader.uninstalled = true;
    return this;
  }

  ClassLoader loader() {
    return loader;
  }

  /** Drops the last reference of ours. */
  Throwaway drop() {
    loader = null;
    return this;
  }

  boolean isCollected() {
    System.gc();
    return watched.refersTo(null);
  }

  void awaitCollected() {
    await().pollInSameThread().atMost(Duration.ofSeconds(20)).until(this::isCollected);
  }

  private static final class Loader extends ClassLoader {
    private boolean uninstalled;

    Loader() {
      super(Throwaway.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null && name.startsWith(PACKAGE)) {
          return define(name);
        }
        return loaded == null ? super.loadClass(name, resolve) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      if (uninstalled) {
        throw new ClassNotFoundException(name + ": uninstalled");
      }
      String path = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(path)) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
