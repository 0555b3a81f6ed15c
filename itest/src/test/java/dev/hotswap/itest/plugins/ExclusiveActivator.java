package dev.hotswap.itest.plugins;

import java.util.concurrent.Semaphore;
import org.osgi.framework.BundleContext;

/**
 * A greeter that has something to itself while it runs: the permit under {@code test.permit} in the
 * system properties. Fails after it has taken it, where its manifest says so.
 */
public final class ExclusiveActivator extends GreeterActivator {
  @Override
  public void start(BundleContext context) {
    if (!permit().tryAcquire()) {
      throw new IllegalStateException("the port is in use");
    }
    String trouble = context.getBundle().getHeaders().get("Test-Trouble");
    if ("throws".equals(trouble)) {
      permit().release();
      throw new IllegalStateException("no such device");
    }
    if (!"idle".equals(trouble)) {
      super.start(context);
    }
  }

  @Override
  public void stop(BundleContext context) {
    permit().release();
    if (!"idle".equals(context.getBundle().getHeaders().get("Test-Trouble"))) {
      super.stop(context);
    }
  }

  private static Semaphore permit() {
    return (Semaphore) System.getProperties().get("test.permit");
  }
}
