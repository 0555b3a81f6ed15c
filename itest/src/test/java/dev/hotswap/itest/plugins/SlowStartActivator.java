package dev.hotswap.itest.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleContext;

/**
 * A greeter that makes the file {@code starting} in the folder of its header {@code Test-Folder},
 * and starts when the file {@code go} is there, too.
 */
public class SlowStartActivator extends GreeterActivator {
  @Override
  public void start(BundleContext context) {
    Path folder = Path.of(context.getBundle().getHeaders().get("Test-Folder"));
    try {
      Files.createFile(folder.resolve("starting"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (!Files.exists(folder.resolve("go")) && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    super.start(context);
  }
}
