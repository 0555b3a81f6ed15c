package dev.hotswap.itest.zoo;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/** Leaves an appender with the host's Logback. */
public class LogbackAppender extends Tame {
  @Override
  public Object act() throws Exception {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Echo echo = new Echo();
    echo.setContext(context);
    echo.start();
    context.getLogger("zoo").addAppender(echo);
    return null;
  }

  private static final class Echo extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {}
  }
}
