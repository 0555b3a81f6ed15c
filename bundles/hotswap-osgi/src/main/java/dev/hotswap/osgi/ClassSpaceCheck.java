package dev.hotswap.osgi;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.core.LiveGeneration;
import dev.hotswap.core.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** What must hold of a resolved bundle's wires before it is started. */
final class ClassSpaceCheck {
  private final Generations generations;

  ClassSpaceCheck(Generations generations) {
    this.generations = generations;
  }

  /**
   * @throws SwapRefusedException when the bundle is wired to a generation that is not current, or
   *     carries a contract's package without being wired to the shared one
   */
  void check(Bundle bundle, Collection<String> contractPackages, Subject subject) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    List<String> wrong = new ArrayList<>();
    for (BundleWire wire : wiring.getRequiredWires(null)) {
      retiringProvider(bundle, wire).ifPresent(wrong::add);
    }
    if (!wrong.isEmpty()) {
      throw new SwapRefusedException(
          new Refusal.WiredToRetiring(subject.what(), wrong, subject.stands()));
    }
    for (String contractPackage : contractPackages) {
      if (isEmbedded(wiring, contractPackage)) {
        throw new SwapRefusedException(
            new Refusal.EmbeddedContract(subject.what(), contractPackage, subject.stands()));
      }
    }
  }

  /**
   * Whether a wire leads to what the bundle would not be wired to now, or the bundle is gone. One
   * that is not resolved before what it replaces has ended has no wires yet.
   */
  boolean isOutdated(Bundle bundle) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    if (wiring == null) {
      return bundle.getState() == Bundle.UNINSTALLED;
    }
    return wiring.getRequiredWires(null).stream()
        .anyMatch(wire -> !generations.maySee(bundle, wire.getProvider().getBundle()));
  }

  private Optional<String> retiringProvider(Bundle bundle, BundleWire wire) {
    Bundle provider = wire.getProvider().getBundle();
    Optional<LiveGeneration> generation = generations.of(provider);
    return generation
        .filter(live -> !generations.maySee(bundle, provider))
        .map(live -> wire.getCapability().getNamespace() + " of " + live.generation());
  }

  private static boolean isEmbedded(BundleWiring wiring, String contractPackage) {
    boolean imported =
        wiring.getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
            .anyMatch(wire -> contractPackage.equals(packageOf(wire)));
    String folder = contractPackage.replace('.', '/');
    return !imported
        && !wiring.listResources(folder, "*.class", BundleWiring.LISTRESOURCES_LOCAL).isEmpty();
  }

  private static Object packageOf(BundleWire wire) {
    return wire.getCapability().getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE);
  }
}
