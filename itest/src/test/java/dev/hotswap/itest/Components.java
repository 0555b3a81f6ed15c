package dev.hotswap.itest;

import java.util.Arrays;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Declarative Services of a host whose base bundles include it. By reflection, as {@link Gogo}. */
final class Components {
  private static final String RUNTIME =
      "org.osgi.service.component.runtime.ServiceComponentRuntime";

  private final Object runtime;

  Components(BundleContext context) throws Exception {
    ServiceReference<?> reference = context.getAllServiceReferences(RUNTIME, null)[0];
    this.runtime = context.getService(reference);
  }

  /** A component of a bundle, for {@link #disable} and {@link #enable}. */
  Object of(Bundle bundle, String name) throws Exception {
    return Arrays.stream(runtime.getClass().getMethods())
        .filter(method -> method.getName().equals("getComponentDescriptionDTO"))
        .findFirst()
        .orElseThrow()
        .invoke(runtime, bundle, name);
  }

  /** Returns when it is deactivated. */
  void disable(Object component) throws Exception {
    await("disableComponent", component);
  }

  /** Returns when it is activated. */
  void enable(Object component) throws Exception {
    await("enableComponent", component);
  }

  private void await(String verb, Object component) throws Exception {
    Object promise =
        runtime.getClass().getMethod(verb, component.getClass()).invoke(runtime, component);
    Class<?> type =
        Class.forName("org.osgi.util.promise.Promise", false, promise.getClass().getClassLoader());
    type.getMethod("getValue").invoke(promise);
  }
}
