package dev.hotswap.itest.plugins;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** Registers, under the greeter's name, an object that is no greeter (a factory hides it). */
public class StrangerActivator implements BundleActivator, ServiceFactory<Object> {
  @Override
  public void start(BundleContext context) {
    context.registerService("dev.hotswap.itest.contract.Greeter", this, null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework unregisters
  }

  @Override
  public Object getService(
      org.osgi.framework.Bundle bundle, ServiceRegistration<Object> registration) {
    return new StringBuilder("no greeter");
  }

  @Override
  public void ungetService(
      org.osgi.framework.Bundle bundle, ServiceRegistration<Object> registration, Object service) {
    // nothing to give back
  }
}
