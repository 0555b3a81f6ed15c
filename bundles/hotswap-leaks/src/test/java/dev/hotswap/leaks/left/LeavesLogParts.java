package dev.hotswap.leaks.left;

import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Gives a filter to the host's logger; and a filter, a formatter, an error manager to its handler.
 */
public class LeavesLogParts implements Runnable {
  @Override
  public void run() {
    Logger logger = Logger.getLogger("host");
    logger.setFilter(message -> true);
    Handler handler = logger.getHandlers()[0];
    handler.setFilter(message -> true);
    handler.setFormatter(new Words());
    handler.setErrorManager(new Errors());
  }

  private static final class Words extends Formatter {
    @Override
    public String format(LogRecord message) {
      return "";
    }
  }

  private static final class Errors extends ErrorManager {}
}
