package dev.hotswap.bench.dependent;

import dev.hotswap.bench.contract.Rules;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the rules of a plugin that needs a library. */
public final class DependentActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    context.registerService(Rules.class, new DependentRules(version), null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service back
  }
}
