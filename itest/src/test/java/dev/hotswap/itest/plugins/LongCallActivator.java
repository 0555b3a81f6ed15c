package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Calls the first greeter that there is, on a thread of its own, and stays inside until the file
 * {@code go} is in the folder of its header {@code Test-Folder}; writes there when it is {@code
 * inside}, and what was {@code answered}.
 */
public class LongCallActivator implements BundleActivator {
  private ServiceTracker<Greeter, Greeter> greeters;
  private Path folder;

  @Override
  public void start(BundleContext context) {
    folder = Path.of(context.getBundle().getHeaders().get("Test-Folder"));
    greeters =
        new ServiceTracker<>(context, Greeter.class, null) {
          @Override
          public Greeter addingService(ServiceReference<Greeter> found) {
            Greeter greeter = super.addingService(found);
            thread("long-call", () -> call(greeter));
            return greeter;
          }
        };
    greeters.open();
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void call(Greeter greeter) {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    thread("long-call-watch", () -> letGo(inside, go));
    try {
      write("answered", greeter.holdThenLoadLate(inside, go));
    } catch (InterruptedException | RuntimeException | LinkageError e) {
      write("answered", e.toString());
    }
  }

  private void letGo(CountDownLatch inside, CountDownLatch go) {
    try {
      inside.await();
      write("inside", "");
      while (!Files.exists(folder.resolve("go"))) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
      go.countDown();
    } catch (InterruptedException e) {
      return; // the test is over
    }
  }

  private void write(String name, String text) {
    try {
      Path part = Files.writeString(folder.resolve(name + ".part"), text);
      Files.move(part, folder.resolve(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop(BundleContext context) {
    greeters.close();
  }
}
