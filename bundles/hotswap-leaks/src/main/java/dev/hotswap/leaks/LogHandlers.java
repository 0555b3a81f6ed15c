package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Handlers of {@code java.util.logging} whose class is the generation's, and filters, formatters
 * and error managers that it has given to loggers and handlers of others. A handler is not closed:
 * that would be the plugin's code.
 */
final class LogHandlers implements Sweep {
  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    LogManager manager = LogManager.getLogManager();
    for (String name : Collections.list(manager.getLoggerNames())) {
      Logger logger = manager.getLogger(name);
      if (logger != null) {
        undo(own, logger, found);
      }
    }
  }

  private static void undo(Own own, Logger logger, Consumer<Leftover> found) {
    String where = logger.getName().isEmpty() ? "the root logger" : "logger " + logger.getName();
    if (own.has(logger.getFilter())) {
      found.accept(taken("filter", logger.getFilter(), where, "Logger.setFilter(null)"));
      logger.setFilter(null);
    }
    for (Handler handler : logger.getHandlers()) {
      if (own.has(handler)) {
        logger.removeHandler(handler);
        String words = "Logger.removeHandler(handler), then handler.close()";
        found.accept(taken("handler", handler, where, words));
      } else {
        String at = "handler " + Own.name(handler) + " of " + where;
        undo(own, handler, at, found);
      }
    }
  }

  private static void undo(Own own, Handler handler, String where, Consumer<Leftover> found) {
    if (own.has(handler.getFilter())) {
      found.accept(taken("filter", handler.getFilter(), where, "Handler.setFilter(null)"));
      handler.setFilter(null);
    }
    if (own.has(handler.getFormatter())) {
      String words = "Handler.setFormatter(the one that was there before)";
      found.accept(taken("formatter", handler.getFormatter(), where, words));
      handler.setFormatter(new SimpleFormatter());
    }
    if (own.has(handler.getErrorManager())) {
      String words = "Handler.setErrorManager(the one that was there before)";
      found.accept(taken("error manager", handler.getErrorManager(), where, words));
      handler.setErrorManager(new ErrorManager());
    }
  }

  private static Leftover taken(String what, Object object, String where, String remedy) {
    return new Leftover(
        Leftover.Kind.LOG_HANDLER,
        what + " " + Own.name(object) + " of " + where,
        true,
        "in stop(): " + remedy);
  }
}
