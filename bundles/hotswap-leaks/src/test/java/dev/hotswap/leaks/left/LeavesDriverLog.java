package dev.hotswap.leaks.left;

import java.io.PrintWriter;
import java.io.Writer;
import java.sql.DriverManager;

/** Has the driver manager log to a writer of its own. */
public class LeavesDriverLog implements Runnable {
  @Override
  public void run() {
    DriverManager.setLogWriter(new Log());
  }

  private static final class Log extends PrintWriter {
    Log() {
      super(Writer.nullWriter());
    }
  }
}
