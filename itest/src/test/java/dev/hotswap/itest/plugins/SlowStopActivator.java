package dev.hotswap.itest.plugins;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleContext;

/**
 * A greeter that does not come back from stop until it is released or interrupted; with the header,
 * not even then.
 */
public class SlowStopActivator extends GreeterActivator {
  @Override
  public void stop(BundleContext context) {
    boolean stubborn = context.getBundle().getHeaders().get("Test-Stubborn") != null;
    CountDownLatch release = (CountDownLatch) System.getProperties().get("test.release");
    boolean interrupted = false;
    while (release.getCount() > 0 && (stubborn || !interrupted)) {
      try {
        release.await();
      } catch (InterruptedException e) {
        interrupted = true; // the host closes
      }
    }
    super.stop(context);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
