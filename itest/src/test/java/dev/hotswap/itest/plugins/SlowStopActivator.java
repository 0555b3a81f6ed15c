package dev.hotswap.itest.plugins;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleContext;

/** A greeter that does not come back from stop until it is released. */
public class SlowStopActivator extends GreeterActivator {
  @Override
  public void stop(BundleContext context) {
    CountDownLatch release = (CountDownLatch) System.getProperties().get("test.release");
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the host closes
    }
    super.stop(context);
  }
}
