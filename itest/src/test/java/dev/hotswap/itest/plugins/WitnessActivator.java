package dev.hotswap.itest.plugins;

import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Notes what happens to other bundles in the list that is the system property {@code test.witness}.
 */
public class WitnessActivator implements BundleActivator {
  private static final Map<Integer, String> WORDS =
      Map.of(
          BundleEvent.INSTALLED, "installed",
          BundleEvent.RESOLVED, "resolved",
          BundleEvent.STARTED, "started",
          BundleEvent.STOPPED, "stopped",
          BundleEvent.UNINSTALLED, "uninstalled");

  @Override
  public void start(BundleContext context) {
    @SuppressWarnings("unchecked")
    List<String> seen = (List<String>) System.getProperties().get("test.witness");
    SynchronousBundleListener listener =
        event -> {
          if (WORDS.containsKey(event.getType())) {
            seen.add(event.getBundle().getSymbolicName() + " " + WORDS.get(event.getType()));
          }
        };
    context.addBundleListener(listener);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the listener away
  }
}
