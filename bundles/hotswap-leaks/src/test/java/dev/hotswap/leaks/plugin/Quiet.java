package dev.hotswap.leaks.plugin;

import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** A handler that says nothing. */
public final class Quiet extends Handler implements QuietMBean {
  @Override
  public void publish(LogRecord record) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
