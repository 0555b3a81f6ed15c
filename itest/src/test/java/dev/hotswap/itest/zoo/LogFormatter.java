package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** Leaves a formatter to the host's log handler. */
public class LogFormatter extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.handler().setFormatter(new Song());
    return null;
  }

  private static final class Song extends Formatter {
    @Override
    public String format(LogRecord message) {
      return "";
    }
  }
}
