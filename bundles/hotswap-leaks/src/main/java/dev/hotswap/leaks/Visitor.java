package dev.hotswap.leaks;

import java.io.IOException;
import java.io.InputStream;

/**
 * A class loader below that of a generation, with one class of ours in it, {@link DriverAsker}, and
 * in its view those of the generation. It is dropped after the one question.
 */
final class Visitor extends ClassLoader {
  private static final String CLASS = DriverAsker.class.getName();

  private final Own own;

  Visitor(Own own) {
    super(ClassLoader.getPlatformClassLoader());
    this.own = own;
  }

  Class<?> load() throws ClassNotFoundException {
    return loadClass(CLASS);
  }

  /** Ours, the platform's, or else what the generation has loaded of its own. */
  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.equals(CLASS)) {
      byte[] bytes = bytes();
      return defineClass(name, bytes, 0, bytes.length);
    }
    try {
      Class<?> type = own.loader().loadClass(name);
      if (own.made(type)) {
        return type; // what it has from others is theirs, and not to be seen from here
      }
    } catch (RuntimeException | LinkageError e) {
      throw new ClassNotFoundException(name); // without a cause, which may be the plugin's
    }
    throw new ClassNotFoundException(name);
  }

  private static byte[] bytes() throws ClassNotFoundException {
    String file = CLASS.substring(CLASS.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = DriverAsker.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(CLASS);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(CLASS, e);
    }
  }
}
