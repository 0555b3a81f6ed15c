package dev.hotswap.gogo;

import dev.hotswap.api.Generation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** Looks at the bundles of generations. */
final class InsideFramework implements Inside {
  private final BundleContext context;

  InsideFramework(BundleContext context) {
    this.context = context;
  }

  @Override
  public Optional<View> of(Generation generation) {
    // the file that it was installed from is named for it
    String file = "/" + generation.plugin() + "@" + generation.number() + ".jar";
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getLocation().endsWith(file))
        .findFirst()
        .map(InsideFramework::view);
  }

  private static View view(Bundle bundle) {
    return new View(
        bundle.getBundleId() + ", " + state(bundle.getState()),
        services(bundle),
        wires(bundle, wiring -> wiring.getRequiredWires(null), BundleWire::getProvider, "from"),
        wires(bundle, wiring -> wiring.getProvidedWires(null), BundleWire::getRequirer, "to"));
  }

  private static List<String> services(Bundle bundle) {
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    return services == null
        ? List.of()
        : Arrays.stream(services)
            .map(
                service ->
                    String.join(", ", (String[]) service.getProperty(Constants.OBJECTCLASS))
                        + " (service "
                        + service.getProperty(Constants.SERVICE_ID)
                        + ")")
            .toList();
  }

  private static List<String> wires(
      Bundle bundle,
      Function<BundleWiring, List<BundleWire>> side,
      Function<BundleWire, BundleRevision> other,
      String direction) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    List<BundleWire> wires = wiring == null ? null : side.apply(wiring); // null when uninstalled
    return (wires == null ? Stream.<BundleWire>empty() : wires.stream())
        .map(wire -> name(wire.getCapability()) + " " + direction + " " + name(other.apply(wire)))
        .distinct()
        .toList();
  }

  private static String name(BundleCapability capability) {
    Object name = capability.getAttributes().get(capability.getNamespace());
    return name == null ? capability.getNamespace() : name.toString();
  }

  private static String name(BundleRevision revision) {
    return revision.getSymbolicName() + " " + revision.getVersion();
  }

  private static String state(int state) {
    return switch (state) {
      case Bundle.UNINSTALLED -> "uninstalled";
      case Bundle.INSTALLED -> "installed";
      case Bundle.RESOLVED -> "resolved";
      case Bundle.STARTING -> "starting";
      case Bundle.STOPPING -> "stopping";
      default -> "active";
    };
  }
}
