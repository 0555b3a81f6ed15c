package dev.hotswap.leaks.left;

/** Notes in the system properties that it was initialized. */
public class CountsInits extends LeavesDriver {
  static {
    System.setProperty("dev.hotswap.leaks.inits", CountsInits.class.getName());
  }
}
