package dev.hotswap.itest.zoo;

import dev.hotswap.itest.contract.Animal;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers itself by the name of its bundle, and leaves nothing behind. The others extend it. */
public class Tame implements BundleActivator, Animal {
  @Override
  public void start(BundleContext context) throws Exception {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("animal", context.getBundle().getSymbolicName());
    context.registerService(Animal.class, this, properties);
  }

  @Override
  public void stop(BundleContext context) throws Exception {}

  @Override
  public Object act() throws Exception {
    return "nothing of mine";
  }
}
