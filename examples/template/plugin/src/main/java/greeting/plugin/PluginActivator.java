package greeting.plugin;

import greeting.Greeting;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Offers the service when the bundle starts; the framework takes it away when the bundle stops. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class PluginActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(Greeting.class, name -> "Hello, " + name, null);
  }

  @Override
  public void stop(BundleContext context) {}
}
