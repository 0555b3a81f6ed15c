package dev.hotswap.bench.plugin;

import dev.hotswap.bench.contract.Rules;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the rules of a plugin's version. */
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    context.registerService(Rules.class, new VersionedRules(version), null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service back
  }
}
