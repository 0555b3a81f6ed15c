package dev.hotswap.leaks.left;

import java.net.URL;
import java.net.URLClassLoader;

/** Leaves a class loader below its own to the thread that runs it. */
public class LeavesLoaderBelow implements Runnable {
  @Override
  public void run() {
    ClassLoader below = new URLClassLoader(new URL[0], getClass().getClassLoader());
    Thread.currentThread().setContextClassLoader(below);
  }
}
