package dev.hotswap.itest.plugins;

import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/**
 * A greeter that starts unless the file that a manifest header names says otherwise: {@code
 * throws}, or {@code halts}, which takes the JVM with it as a crash does.
 */
public class MoodyActivator extends GreeterActivator {
  @Override
  public void start(BundleContext context) {
    Path file = Path.of(context.getBundle().getHeaders().get("Test-Mood"));
    String mood = read(file);
    if (mood.equals("throws")) {
      throw new IllegalStateException("the database is not there");
    } else if (mood.equals("halts")) {
      Runtime.getRuntime().halt(9);
    }
    super.start(context);
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
