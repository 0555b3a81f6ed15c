package dev.hotswap.itest;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Configuration Admin of a host whose base bundles include it. By reflection: its classes are
 * theirs.
 */
final class Configurations {
  private final BundleContext context;

  Configurations(BundleContext context) {
    this.context = context;
  }

  /** Sets a property of that name to the value. Components notice on another thread. */
  void update(String pid, String value) throws Exception {
    // all: its interface is the bundle's, and not the one on the class path of these tests
    ServiceReference<?> reference =
        context.getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)[0];
    Object admin = context.getService(reference);
    Object configuration =
        admin
            .getClass()
            .getMethod("getConfiguration", String.class, String.class)
            .invoke(admin, pid, "?");
    Dictionary<String, Object> properties = new Hashtable<>(Map.of("changed", value));
    configuration
        .getClass()
        .getMethod("update", Dictionary.class)
        .invoke(configuration, properties);
  }
}
