package dev.hotswap.gogo;

/** The lines of this room, under one name. */
final class Log {
  private static final System.Logger LOG = System.getLogger("dev.hotswap.gogo");

  private Log() {}

  static void info(String line) {
    LOG.log(System.Logger.Level.INFO, line);
  }

  static void warn(String line) {
    LOG.log(System.Logger.Level.WARNING, line);
  }
}
