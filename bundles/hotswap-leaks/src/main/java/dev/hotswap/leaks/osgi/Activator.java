package dev.hotswap.leaks.osgi;

import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.Leftovers;
import dev.hotswap.leaks.HeapDumpWalk;
import dev.hotswap.leaks.JvmLeftovers;
import dev.hotswap.leaks.ThreadPolicy;
import dev.hotswap.leaks.WalkSettings;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Offers both to a Hotswap that runs as a bundle of the same framework. Threads that a plugin has
 * left running are named, and run on.
 */
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(Leftovers.class, new JvmLeftovers(ThreadPolicy.REPORT), null);
    context.registerService(HeapWalk.class, new HeapDumpWalk(WalkSettings.defaults()), null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes both back
  }
}
