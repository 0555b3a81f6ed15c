package dev.hotswap.leaks.left;

/** Puts objects into the system properties, as a value and as a key. */
public class LeavesSystemProperties implements Runnable {
  @Override
  public void run() {
    System.getProperties().put("left." + System.identityHashCode(getClass()), new Object() {});
    System.getProperties().put(new Object() {}, "left");
  }
}
