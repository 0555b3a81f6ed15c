package dev.hotswap.leaks;

import java.io.IOException;
import java.io.InputStream;

/** Loads the classes of the plugin itself, and all others from where the tests are. */
final class PluginLoader extends ClassLoader {
  private static final String PLUGIN = "dev.hotswap.leaks.plugin.";

  PluginLoader() {
    super("a plugin", PluginLoader.class.getClassLoader());
  }

  /** An object of a class of the plugin. */
  Object make(String simpleName) {
    try {
      return loadClass(PLUGIN + simpleName).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(PLUGIN)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      byte[] content = in.readAllBytes();
      return defineClass(name, content, 0, content.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
