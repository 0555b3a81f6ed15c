package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Rules;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The plugin of the example in the README. */
// tag::plugin
public class RulesActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    int factor = 1 + context.getBundle().getVersion().getMajor();
    Rules rules = input -> factor * input; // 1.0.0 doubles, 2.0.0 triples
    context.registerService(Rules.class, rules, null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service away
  }
}
// end::plugin
