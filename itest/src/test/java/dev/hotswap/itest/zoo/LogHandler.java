package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Leaves a log handler. */
public class LogHandler extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.LOGGER.addHandler(new Parrot());
    return null;
  }

  private static final class Parrot extends Handler {
    @Override
    public void publish(LogRecord message) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
