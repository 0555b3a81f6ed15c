package dev.hotswap.itest.zoo;

import java.util.logging.LogManager;

/** Leaves a listener to changes of the logging configuration. */
public class LogConfigurationListener extends Tame {
  @Override
  public Object act() throws Exception {
    LogManager.getLogManager().addConfigurationListener(LogConfigurationListener::changed);
    return null;
  }

  private static void changed() {}
}
