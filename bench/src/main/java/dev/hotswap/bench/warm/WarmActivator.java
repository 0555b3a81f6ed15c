package dev.hotswap.bench.warm;

import dev.hotswap.bench.contract.Rules;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers rules that warm up. */
public final class WarmActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    context.registerService(Rules.class, new WarmRules(version), null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service back
  }
}
