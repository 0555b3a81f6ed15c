package dev.hotswap.itest.plugins;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** A Declarative Services component; the test writes its XML. */
public class ComponentGreeter extends OpenGreeter {
  public ComponentGreeter() {
    super(FrameworkUtil.getBundle(ComponentGreeter.class).getVersion().toString());
  }

  public void activate(BundleContext context) throws PluginException {
    if (context.getBundle().getHeaders().get("Test-Fails") != null) {
      throw new PluginException("the component does not activate");
    }
  }

  public void deactivate() {
    close();
  }
}
