package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import java.util.AbstractCollection;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;

/**
 * Registers one greeter for each language of a manifest header, with properties of several types;
 * {@code fail} changes the language of the greeter that it is called on to {@code la}.
 */
public class LabelledActivator implements BundleActivator {
  private final ConcurrentLinkedDeque<OpenGreeter> greeters = new ConcurrentLinkedDeque<>();
  private BundleContext context;

  @Override
  public void start(BundleContext bundleContext) {
    context = bundleContext;
    for (String language : context.getBundle().getHeaders().get("Test-Languages").split(",")) {
      register(language);
    }
  }

  private void register(String language) {
    Relabelled greeter = new Relabelled(context.getBundle().getVersion().toString());
    greeters.add(greeter);
    greeter.registration = context.registerService(Greeter.class, greeter, properties(language));
  }

  private Dictionary<String, Object> properties(String language) {
    Dictionary<String, Object> properties = new Hashtable<>();
    String ranking = context.getBundle().getHeaders().get("Test-Ranking");
    properties.put(Constants.SERVICE_RANKING, ranking == null ? 0 : Integer.valueOf(ranking));
    properties.put("lang", language);
    properties.put("names", new String[] {"Ada", "Grace"});
    properties.put("mixed", List.of("plain", new Own()));
    properties.put("weight", 7);
    properties.put("Bundle", context.getBundle().getVersion());
    properties.put("own", new Own());
    properties.put("unreadable", new Unreadable());
    return properties;
  }

  @Override
  public void stop(BundleContext bundleContext) {
    greeters.forEach(OpenGreeter::close);
  }

  private final class Relabelled extends OpenGreeter {
    private volatile ServiceRegistration<Greeter> registration;

    Relabelled(String version) {
      super(version);
    }

    @Override
    public String fail() {
      registration.setProperties(properties("la"));
      return "relabelled";
    }
  }

  /** To copy it is a call of the plugin. */
  public static final class Unreadable extends AbstractCollection<String> {
    Unreadable() {}

    @Override
    public Iterator<String> iterator() {
      throw new IllegalStateException("read for a filter");
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public String toString() {
      return "unreadable";
    }
  }

  /** Comparing it would be a call of the plugin. */
  public static final class Own implements Comparable<Own> {
    /** As filters make the other side of a comparison. */
    public Own(String text) {
      throw new IllegalStateException("made for a filter from " + text);
    }

    Own() {}

    @Override
    public int compareTo(Own other) {
      throw new IllegalStateException("compared for a filter");
    }
  }
}
