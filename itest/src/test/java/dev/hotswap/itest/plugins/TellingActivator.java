package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Told;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers a service of the contract that a manifest header names, which tells its stamp. */
public class TellingActivator implements BundleActivator {
  private volatile boolean stopped;

  @Override
  public void start(BundleContext context) {
    String stamp = StampedActivator.stamp(context.getBundle());
    switch (context.getBundle().getHeaders().get("Test-Contract")) {
      case "Leaf" -> {
        Told.Leaf leaf = () -> whileStarted(stamp) + " " + library();
        context.registerService(Told.Leaf.class, leaf, null);
      }
      case "Stayer" -> {
        Told.Stayer stayer = () -> whileStarted(stamp) + " stayer-" + library();
        context.registerService(Told.Stayer.class, stayer, null);
      }
      default -> {
        Told.Sole sole = () -> whileStarted(stamp);
        context.registerService(Told.Sole.class, sole, null);
      }
    }
  }

  private String whileStarted(String stamp) {
    if (stopped) {
      throw new IllegalStateException("called after its stop: " + stamp);
    }
    return stamp;
  }

  /** {@code base 1.0.7} as a stamp. */
  private static String library() {
    try {
      Class<?> library = Class.forName("dev.hotswap.itest.lib.base.Base");
      return library.getMethod("version").invoke(null).toString().replace(" ", "@0/");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop(BundleContext context) {
    stopped = true;
  }
}
