package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import java.util.StringJoiner;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Registers a greeter that answers with its bundle's version and what the libraries say that a
 * manifest header names.
 */
public class LibraryActivator implements BundleActivator {
  private OpenGreeter greeter;

  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    String libraries = context.getBundle().getHeaders().get("Test-Libraries");
    greeter =
        new OpenGreeter(version) {
          @Override
          public String version() {
            return super.version() + libraries(libraries);
          }
        };
    context.registerService(Greeter.class, greeter, null);
  }

  private static String libraries(String names) {
    StringJoiner said = new StringJoiner(", ", ": ", "");
    for (String name : names.split(",")) {
      try {
        Class<?> library = Class.forName("dev.hotswap.itest.lib." + name);
        said.add((String) library.getMethod("version").invoke(null));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return said.toString();
  }

  @Override
  public void stop(BundleContext context) {
    greeter.close();
  }
}
