package dev.hotswap.examples.rules.v1;

import dev.hotswap.examples.rules.Rules;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * Registers the rules while the bundle is started. The framework takes the service away when the
 * bundle stops.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class RulesActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(Rules.class, new DoublingRules(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
