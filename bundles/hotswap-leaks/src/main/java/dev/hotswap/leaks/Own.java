package dev.hotswap.leaks;

import java.lang.reflect.Proxy;
import java.util.Arrays;

/**
 * What is a generation's own: its class loader, those that have it as a parent, their classes, and
 * the objects of these. By identity, so that the generation beside it, whose classes have the same
 * names, is somebody else. Runs no code of the plugin's. Kept by nobody beyond one sweep.
 */
record Own(ClassLoader loader) {

  /** Whether the class loader is the generation's, or has it among its parents. */
  boolean isLoader(ClassLoader other) {
    for (ClassLoader each = other; each != null; each = each.getParent()) {
      if (each == loader) {
        return true;
      }
    }
    return false;
  }

  boolean made(Class<?> type) {
    return isLoader(type.getClassLoader());
  }

  /** Whether the object's class is the generation's, or that of the handler behind a proxy. */
  boolean has(Object object) {
    if (object == null) {
      return false;
    }
    Class<?> type = object.getClass();
    return made(type)
        || Proxy.isProxyClass(type) && made(Proxy.getInvocationHandler(object).getClass());
  }

  /** The class of the object in a developer's words. */
  static String name(Object object) {
    Class<?> type = object.getClass();
    if (Proxy.isProxyClass(type)) {
      return "proxy with a " + name(Proxy.getInvocationHandler(object));
    }
    int lambda = type.getName().indexOf("$$Lambda");
    return lambda < 0 ? type.getName() : "lambda of " + type.getName().substring(0, lambda);
  }

  /** The innermost frame that is of a class of the generation's own; else empty. */
  String frame(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .filter(frame -> knows(frame.getClassName()))
        .findFirst()
        .map(StackTraceElement::toString)
        .orElse("");
  }

  /**
   * Whether the outermost frame that is not the JDK's is of a class of the generation's own: then
   * it has begun there, and not with somebody who calls it.
   */
  boolean began(StackTraceElement[] stack) {
    for (int i = stack.length - 1; i >= 0; i--) {
      if (!isOfTheJdk(stack[i])) {
        String type = stack[i].getClassName();
        int lambda = type.indexOf("$$Lambda");
        return knows(lambda < 0 ? type : type.substring(0, lambda)); // whose code has made it
      }
    }
    return false;
  }

  private static boolean isOfTheJdk(StackTraceElement frame) {
    String module = frame.getModuleName();
    return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
  }

  /**
   * Whether the loader has a class of its own of that name. It is not initialized by this; and the
   * loader of an uninstalled bundle loads nothing that it has not loaded before.
   */
  private boolean knows(String name) {
    try {
      return made(loader.loadClass(name));
    } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
      return false;
    }
  }
}
