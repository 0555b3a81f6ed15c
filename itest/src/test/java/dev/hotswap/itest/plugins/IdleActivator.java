package dev.hotswap.itest.plugins;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts, and offers nothing. */
public class IdleActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    // offers nothing
  }

  @Override
  public void stop(BundleContext context) {
    // nothing to end
  }
}
