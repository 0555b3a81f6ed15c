package dev.hotswap.itest.plugins;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not come back from start until it is interrupted; with the header, not even then. */
public class HangingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) throws InterruptedException {
    boolean stubborn = context.getBundle().getHeaders().get("Test-Stubborn") != null;
    Object release = System.getProperties().get("test.release");
    CountDownLatch never = release instanceof CountDownLatch set ? set : new CountDownLatch(1);
    while (true) {
      try {
        never.await();
        return;
      } catch (InterruptedException e) {
        if (!stubborn) {
          throw e;
        }
      }
    }
  }

  @Override
  public void stop(BundleContext context) {
    // nothing to end
  }
}
