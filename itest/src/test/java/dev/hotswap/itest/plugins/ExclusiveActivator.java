package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * A greeter that has something to itself while it runs: the permit under {@code test.permit} in the
 * system properties. What goes wrong after it has taken it, and at its stop, is in its manifest.
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
    System.getProperties()
        .putIfAbsent("test.greeter", new OpenGreeter("of the first")); // for others
    if ("keeps".equals(trouble)) {
      throw new IllegalStateException("no such device");
    }
    if ("hangs".equals(trouble)) {
      hang();
    }
    if ("borrows".equals(trouble)) {
      Greeter another = (Greeter) System.getProperties().get("test.greeter");
      context.registerService(Greeter.class, another, null);
    } else if ("withdrawn".equals(trouble)) {
      Greeter own = new OpenGreeter(context.getBundle().getVersion().toString());
      ServiceRegistration<Greeter> registration = context.registerService(Greeter.class, own, null);
      System.getProperties().put("test.withdraw", (Runnable) registration::unregister);
    } else if (!"idle".equals(trouble)) {
      super.start(context);
    }
  }

  /** Until it is interrupted; then it gives back what it has taken. */
  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      permit().release();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void stop(BundleContext context) {
    String trouble = String.valueOf(context.getBundle().getHeaders().get("Test-Trouble"));
    boolean first = System.getProperties().putIfAbsent("test.stopped", "yes") == null;
    if (trouble.equals("stop-hangs") && first) {
      hang();
    }
    if (trouble.equals("stop-is-stubborn")) {
      hangStubbornly();
    }
    permit().release();
    if (!List.of("idle", "borrows", "withdrawn").contains(trouble)) {
      super.stop(context);
    }
    if (trouble.equals("stop-throws")) {
      throw new IllegalStateException("no such device");
    }
  }

  /** Until the latch under {@code test.go} lets it go. */
  private static void hangStubbornly() {
    CountDownLatch go = (CountDownLatch) System.getProperties().get("test.go");
    while (go.getCount() > 0) {
      try {
        go.await();
      } catch (InterruptedException e) {
        continue;
      }
    }
  }

  private static Semaphore permit() {
    return (Semaphore) System.getProperties().get("test.permit");
  }
}
