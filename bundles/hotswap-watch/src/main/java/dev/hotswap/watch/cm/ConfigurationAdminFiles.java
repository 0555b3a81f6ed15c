package dev.hotswap.watch.cm;

import dev.hotswap.watch.Configurations;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Applies files of settings through the Configuration Admin Service, for whichever bundle asks for
 * them. The service may come and go; it is looked for every time.
 *
 * @see <a href="https://docs.osgi.org/specification/osgi.cmpn/8.0.0/service.cm.html">OSGi
 *     Compendium 8, 104</a>
 */
public final class ConfigurationAdminFiles implements Configurations {
  private static final String ANY_BUNDLE = "?";

  private final BundleContext context;

  private ConfigurationAdminFiles(BundleContext context) {
    this.context = context;
  }

  /**
   * Configurations by the service of a framework; none where the package of the service is not
   * there, which in a bundle is imported optionally.
   *
   * @param context whose service registry is searched
   */
  public static Configurations of(BundleContext context) {
    try {
      ConfigurationAdmin.class.getName();
      return new ConfigurationAdminFiles(context);
    } catch (NoClassDefFoundError e) {
      return NONE;
    }
  }

  @Override
  public boolean areThere() {
    return context.getServiceReference(ConfigurationAdmin.class) != null;
  }

  @Override
  public Optional<Map<String, Object>> get(String pid) throws IOException {
    return with(admin -> find(admin, pid).map(ConfigurationAdminFiles::values));
  }

  @Override
  public void set(String pid, Map<String, Object> values) throws IOException {
    with(
        admin -> {
          of(admin, pid).updateIfDifferent(new Hashtable<>(values));
          return true;
        });
  }

  @Override
  public void delete(String pid) throws IOException {
    with(
        admin -> {
          Optional<Configuration> found = find(admin, pid);
          if (found.isPresent()) {
            found.get().delete();
          }
          return true;
        });
  }

  private interface Work<R> {
    R with(ConfigurationAdmin admin) throws IOException;
  }

  private <R> R with(Work<R> work) throws IOException {
    ServiceReference<ConfigurationAdmin> found =
        context.getServiceReference(ConfigurationAdmin.class);
    ConfigurationAdmin admin = found == null ? null : context.getService(found);
    if (admin == null) {
      throw new IOException("there is no Configuration Admin Service");
    }
    try {
      return work.with(admin);
    } catch (IllegalStateException e) { // it has gone meanwhile
      throw new IOException("the Configuration Admin Service has gone", e);
    } finally {
      context.ungetService(found);
    }
  }

  private static Configuration of(ConfigurationAdmin admin, String pid) throws IOException {
    int tilde = pid.indexOf('~');
    return tilde > 0
        ? admin.getFactoryConfiguration(
            pid.substring(0, tilde), pid.substring(tilde + 1), ANY_BUNDLE)
        : admin.getConfiguration(pid, ANY_BUNDLE);
  }

  /** Asking for it by name would make one. */
  private static Optional<Configuration> find(ConfigurationAdmin admin, String pid)
      throws IOException {
    String filter = "(" + Constants.SERVICE_PID + "=" + pid.replaceAll("[\\\\*()]", "\\\\$0") + ")";
    try {
      Configuration[] found = admin.listConfigurations(filter);
      return found == null ? Optional.empty() : Optional.of(found[0]);
    } catch (InvalidSyntaxException e) {
      throw new IOException(pid + " cannot be looked for", e);
    }
  }

  /** Without what the service adds itself. */
  private static Map<String, Object> values(Configuration configuration) {
    Map<String, Object> values = new TreeMap<>();
    Dictionary<String, Object> all = configuration.getProperties();
    for (Enumeration<String> keys = all.keys(); keys.hasMoreElements(); ) {
      String key = keys.nextElement();
      values.put(key, all.get(key));
    }
    values.remove(Constants.SERVICE_PID);
    values.remove(ConfigurationAdmin.SERVICE_FACTORYPID);
    return values;
  }
}
