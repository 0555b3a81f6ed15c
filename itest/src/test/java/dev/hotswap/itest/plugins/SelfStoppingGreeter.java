package dev.hotswap.itest.plugins;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;

/**
 * A greeter whose {@code fail} stops its own bundle: from a thread of its own, or, with the header,
 * there and then from inside the call. Also a Declarative Services component.
 */
public class SelfStoppingGreeter extends OpenGreeter {
  private static final Bundle OWN = FrameworkUtil.getBundle(SelfStoppingGreeter.class);

  public SelfStoppingGreeter() {
    super(OWN.getVersion().toString());
  }

  @Override
  public String fail() throws Exception {
    if (OWN.getHeaders().get("Test-Stops-Inside") != null) {
      OWN.stop();
    } else {
      new Thread(SelfStoppingGreeter::stop, "self-stop").start();
    }
    return "stops itself";
  }

  private static void stop() {
    try {
      OWN.stop();
    } catch (BundleException e) {
      throw new IllegalStateException(e);
    }
  }

  public void deactivate() {
    close();
  }
}
