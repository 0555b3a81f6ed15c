package dev.hotswap.leaks.osgi;

import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.Leftovers;
import dev.hotswap.leaks.HeapDumpWalk;
import dev.hotswap.leaks.JvmLeftovers;
import dev.hotswap.leaks.ThreadPolicy;
import dev.hotswap.leaks.WalkSettings;
import java.io.File;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Offers both to a Hotswap that runs as a bundle of the same framework. Threads that a plugin has
 * left running are named, and run on. Heap dumps are written to the bundle's own folder, where the
 * framework has one for it.
 */
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(Leftovers.class, new JvmLeftovers(ThreadPolicy.REPORT), null);
    WalkSettings settings = WalkSettings.defaults();
    File folder = context.getDataFile("heap");
    context.registerService(
        HeapWalk.class,
        new HeapDumpWalk(folder == null ? settings : settings.withFolder(folder.toPath())),
        null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes both back
  }
}
