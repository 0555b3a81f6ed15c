package dev.hotswap.itest.plugins;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not start. */
public class ThrowingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) throws Exception {
    throw new PluginException("the database is not there");
  }

  @Override
  public void stop(BundleContext context) {
    // never started
  }
}
