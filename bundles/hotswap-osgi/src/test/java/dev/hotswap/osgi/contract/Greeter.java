package dev.hotswap.osgi.contract;

import java.util.concurrent.CountDownLatch;

/** The contract of the fixture plugins. */
public interface Greeter {
  /** The bundle version of the plugin that answers. */
  String version();

  /** What the library says that the plugin is wired to. */
  String phrase();

  /** Says that it is inside, waits, and answers as {@link #version()}. */
  String hold(CountDownLatch inside, CountDownLatch go) throws InterruptedException;
}
