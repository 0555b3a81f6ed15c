package dev.hotswap.leaks.left;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Adds a handler to the root logger. */
public class LeavesLogHandler implements Runnable {
  @Override
  public void run() {
    Logger.getLogger("").addHandler(new Silent());
  }

  private static final class Silent extends Handler {
    @Override
    public void publish(LogRecord message) {}

    @Override
    public void flush() {}

    @Override
    public void close() {
      throw new IllegalStateException("this is the plugin's code");
    }
  }
}
