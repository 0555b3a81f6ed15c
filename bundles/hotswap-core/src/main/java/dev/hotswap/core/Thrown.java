package dev.hotswap.core;

/** Turns what foreign code threw into text: the object would keep the plugin's classes alive. */
public final class Thrown {
  private Thrown() {}

  /** Its own words and where it came from; its class where it has no words. */
  public static String asText(Throwable thrown) {
    try {
      StackTraceElement[] stack = thrown.getStackTrace();
      return thrown + (stack.length == 0 ? "" : " at " + stack[0]);
    } catch (RuntimeException | Error e) { // foreign code too
      return thrown.getClass().getName();
    }
  }
}
