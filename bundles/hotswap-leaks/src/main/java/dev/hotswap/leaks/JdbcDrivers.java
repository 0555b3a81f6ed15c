package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.lang.reflect.Constructor;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Drivers that are still registered, and the log writer. {@link DriverManager} shows a driver, and
 * lets go of it, only to callers whose class loader knows the driver's class by name: so a class of
 * ours asks, from a {@linkplain Visitor class loader} below that of the plugin.
 */
final class JdbcDrivers implements Sweep {
  private static final String REMEDY =
      "in stop(): java.sql.DriverManager.deregisterDriver(driver), for each that the plugin, or a"
          + " library in its jar, has registered";

  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    for (Map.Entry<String, String> driver : driversOf(own)) {
      String failure = driver.getValue();
      String what = "JDBC driver " + driver.getKey() + failure;
      found.accept(new Leftover(Leftover.Kind.JDBC_DRIVER, what, failure.isEmpty(), REMEDY));
    }
    if (own.has(DriverManager.getLogWriter())) {
      String type = Own.name(DriverManager.getLogWriter());
      DriverManager.setLogWriter(null);
      found.accept(
          new Leftover(
              Leftover.Kind.JVM_DEFAULT,
              "log writer of java.sql.DriverManager, " + type,
              true,
              "in stop(): java.sql.DriverManager.setLogWriter(null)"));
    }
  }

  private static List<Map.Entry<String, String>> driversOf(Own own) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // the first to ask has the drivers of the context class loader registered, once in a JVM
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      return asker(own).get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @SuppressWarnings("unchecked") // that is what it implements
  private static Supplier<List<Map.Entry<String, String>>> asker(Own own) {
    try {
      Constructor<?> constructor = new Visitor(own).load().getDeclaredConstructor();
      constructor.setAccessible(true); // another class loader is another package
      return (Supplier<List<Map.Entry<String, String>>>) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no class can be loaded below that of the plugin", e);
    }
  }
}
