package dev.hotswap.examples.exemptions.v1;

import dev.hotswap.examples.rules.ExemptionBook;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Registers the book while the bundle is started. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class BookActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(ExemptionBook.class, new PlainBook(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
