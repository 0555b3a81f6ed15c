package dev.hotswap.gogo;

import java.time.Duration;

/** A terminal on which a command can draw, and that can tell of a key. */
interface Screen extends AutoCloseable {
  int width();

  int height();

  /** As {@link Console#awaitKey}. */
  boolean awaitKey(Duration limit) throws InterruptedException;

  /** Gives the terminal back as it was. */
  @Override
  void close();
}
