package dev.hotswap.leaks;

/** What was thrown as text: the throwable of a plugin would keep the plugin's classes. */
final class Thrown {
  private Thrown() {}

  static String asText(Throwable thrown) {
    String type = thrown.getClass().getName();
    try {
      String message = thrown.getMessage();
      return message == null ? type : type + ": " + message;
    } catch (RuntimeException | LinkageError e) {
      return type; // its own getMessage is the plugin's code
    }
  }
}
