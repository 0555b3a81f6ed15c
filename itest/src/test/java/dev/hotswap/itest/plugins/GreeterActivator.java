package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Registers a greeter that answers with its bundle's version; ranking by manifest header. */
public class GreeterActivator implements BundleActivator {
  private OpenGreeter greeter;

  @Override
  public void start(BundleContext context) {
    greeter = new OpenGreeter(context.getBundle().getVersion().toString());
    context.registerService(Greeter.class, greeter, ranking(context.getBundle().getHeaders()));
  }

  static Dictionary<String, Object> ranking(Dictionary<String, String> headers) {
    Dictionary<String, Object> properties = new Hashtable<>();
    String ranking = headers.get("Test-Ranking");
    if (ranking != null) {
      properties.put(Constants.SERVICE_RANKING, Integer.valueOf(ranking));
    }
    return properties;
  }

  @Override
  public void stop(BundleContext context) {
    greeter.close();
  }
}
