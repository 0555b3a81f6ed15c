package dev.hotswap.host;

import dev.hotswap.core.Thrown;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;

/**
 * Logs what the framework reports as an error to whoever listens, and to nobody else: such as a
 * bundle that somebody refreshed and that did not start again. Thread-safe.
 */
final class FrameworkErrors implements FrameworkListener {
  private static final System.Logger LOG = System.getLogger(FrameworkErrors.class.getName());

  @Override
  public void frameworkEvent(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.ERROR) {
      Bundle bundle = event.getBundle();
      Throwable thrown = event.getThrowable();
      LOG.log(
          System.Logger.Level.WARNING,
          "event=framework-error bundle=\""
              + bundle.getSymbolicName()
              + " "
              + bundle.getVersion()
              + "\" thrown="
              + (thrown == null ? "nothing" : Thrown.asText(thrown)));
    }
  }
}
