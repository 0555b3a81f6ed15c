package dev.hotswap.bench.state;

import dev.hotswap.api.StateKeeper;
import dev.hotswap.bench.contract.Rules;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers rules of a version that hand a little state on to the next. */
public final class StateActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    KeptRules rules = new KeptRules(context.getBundle().getVersion().toString());
    String[] contracts = {Rules.class.getName(), StateKeeper.class.getName()};
    context.registerService(contracts, rules, null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service back
  }
}
