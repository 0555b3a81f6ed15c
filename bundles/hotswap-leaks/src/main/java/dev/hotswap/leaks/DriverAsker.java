package dev.hotswap.leaks;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lets go of drivers, in the view of its class loader. It is loaded once more for each generation,
 * by a {@link Visitor}: it knows, and is known by, nothing but types of the JDK. A driver that was
 * registered with a {@link java.sql.DriverAction} is told by that, as ever.
 */
final class DriverAsker implements Supplier<List<Map.Entry<String, String>>> {
  /**
   * With the class of each, an empty text for each driver that was let go of, or why it was not.
   */
  @Override
  public List<Map.Entry<String, String>> get() {
    return DriverManager.drivers()
        .map(driver -> Map.entry(driver.getClass().getName(), letGo(driver)))
        .toList();
  }

  private static String letGo(Driver driver) {
    try {
      DriverManager.deregisterDriver(driver);
      return "";
    } catch (SQLException | RuntimeException | LinkageError e) {
      return ", not let go of: " + e.getClass().getName();
    }
  }
}
