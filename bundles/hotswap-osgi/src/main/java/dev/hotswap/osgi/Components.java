package dev.hotswap.osgi;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * What keeps the components of a bundle from coming up, where Declarative Services runs. It is
 * asked by reflection: its classes are a base bundle's, which the host need not see.
 *
 * @see <a href="https://docs.osgi.org/specification/osgi.cmpn/8.0.0/service.component.html">OSGi
 *     Compendium 8, 112.9</a>
 */
final class Components {
  private static final String RUNTIME =
      "org.osgi.service.component.runtime.ServiceComponentRuntime";

  private final BundleContext context;

  Components(BundleContext context) {
    this.context = context;
  }

  /** The references without a service, each with its component, its type and its target. */
  List<String> unsatisfied(Bundle bundle) {
    ServiceReference<?> reference = context.getServiceReference(RUNTIME);
    Object runtime = reference == null ? null : context.getService(reference);
    if (runtime == null) {
      return List.of(); // Declarative Services does not run
    }
    try {
      return unsatisfied(runtime, bundle);
    } catch (ReflectiveOperationException e) {
      return List.of(); // another version of it, which says it in another way
    } finally {
      context.ungetService(reference);
    }
  }

  private static List<String> unsatisfied(Object runtime, Bundle bundle)
      throws ReflectiveOperationException {
    Class<?> type = interfaceOf(runtime);
    Class<?> description =
        type.getClassLoader()
            .loadClass("org.osgi.service.component.runtime.dto.ComponentDescriptionDTO");
    Method descriptions = type.getMethod("getComponentDescriptionDTOs", Bundle[].class);
    Method configurations = type.getMethod("getComponentConfigurationDTOs", description);
    List<String> unsatisfied = new ArrayList<>();
    Object[] of = {new Bundle[] {bundle}};
    for (Object component : (Collection<?>) descriptions.invoke(runtime, of)) {
      for (Object configured : (Collection<?>) configurations.invoke(runtime, component)) {
        for (Object wanted : elements(field(configured, "unsatisfiedReferences"))) {
          unsatisfied.add(words(component, wanted));
        }
      }
    }
    return unsatisfied;
  }

  private static Class<?> interfaceOf(Object runtime) throws ClassNotFoundException {
    return runtime.getClass().getClassLoader().loadClass(RUNTIME);
  }

  private static String words(Object component, Object wanted) throws ReflectiveOperationException {
    Object name = field(wanted, "name");
    Object target = field(wanted, "target");
    String type = "";
    for (Object declared : elements(field(component, "references"))) {
      if (name.equals(field(declared, "name"))) {
        type = " to " + field(declared, "interfaceName");
      }
    }
    return "component "
        + field(component, "name")
        + ": nothing satisfies the reference "
        + name
        + type
        + (target == null ? "" : " with target " + target);
  }

  private static Object field(Object dto, String name) throws ReflectiveOperationException {
    return dto.getClass().getField(name).get(dto);
  }

  private static List<Object> elements(Object array) {
    return array == null ? List.of() : Arrays.asList((Object[]) array);
  }
}
