package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Stamped;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers a service of the contract that a manifest header names; its stamp is the version. */
public class LinkActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    int stamp = context.getBundle().getVersion().getMajor();
    switch (context.getBundle().getHeaders().get("Test-Contract")) {
      case "head" -> register(context, Stamped.Head.class, () -> stamp);
      case "middle" -> register(context, Stamped.Middle.class, () -> stamp);
      default -> register(context, Stamped.Tail.class, () -> stamp);
    }
  }

  private static <S> void register(BundleContext context, Class<S> contract, S service) {
    context.registerService(contract, service, null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework unregisters
  }
}
