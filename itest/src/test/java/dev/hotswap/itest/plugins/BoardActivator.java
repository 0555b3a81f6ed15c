package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Board;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the contract that is a class. */
public class BoardActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    context.registerService(Board.class, new VersionedBoard(version), null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework unregisters
  }
}
