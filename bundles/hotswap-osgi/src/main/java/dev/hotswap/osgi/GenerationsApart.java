package dev.hotswap.osgi;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Keeps the resolver from wiring one generation to another, and lets a singleton's next generation
 * resolve beside it. Without it, a plugin that exports and imports a package of its own (what bnd
 * writes by default) would be wired, in its new generation, to the old one's classes: an already
 * resolved provider comes first. And a bundle that is resolved for somebody else, before its whole
 * set is installed, would be wired to what that set replaces: it finds nothing until then.
 *
 * @see <a href="https://docs.osgi.org/specification/osgi.core/8.0.0/framework.resolverhooks.html">
 *     OSGi Core 8, 53</a>
 */
final class GenerationsApart implements ResolverHookFactory, ResolverHook {
  private final Generations generations;

  GenerationsApart(Generations generations) {
    this.generations = generations;
  }

  @Override
  public ResolverHook begin(Collection<BundleRevision> triggers) {
    return this;
  }

  @Override
  public void filterMatches(
      BundleRequirement requirement, Collection<BundleCapability> candidates) {
    BundleRevision requirer = requirement.getRevision();
    candidates.removeIf(candidate -> !maySee(requirer, candidate.getRevision().getBundle()));
  }

  /**
   * A dynamic import is wired when a class is first needed, maybe long after the other requirements
   * of its bundle: it leads to where those lead, also when that has a successor or is uninstalled.
   */
  private boolean maySee(BundleRevision requirer, Bundle provider) {
    Set<Bundle> wired = wiredTo(requirer, provider.getSymbolicName());
    boolean swaps = generations.of(provider).isPresent() || isUninstalled(provider);
    return swaps && !wired.isEmpty()
        ? wired.contains(provider)
        : generations.maySee(requirer.getBundle(), provider);
  }

  private static boolean isUninstalled(Bundle bundle) {
    return bundle.getState() == Bundle.UNINSTALLED;
  }

  /** The other bundles of that name that it is wired to already. */
  private static Set<Bundle> wiredTo(BundleRevision requirer, String name) {
    BundleWiring wiring = requirer.getWiring();
    List<BundleWire> wires = wiring == null ? null : wiring.getRequiredWires(null);
    Set<Bundle> bundles = new HashSet<>();
    for (BundleWire wire : wires == null ? List.<BundleWire>of() : wires) { // null: not in use
      Bundle provider = wire.getProvider().getBundle();
      if (provider != requirer.getBundle() && provider.getSymbolicName().equals(name)) {
        bundles.add(provider);
      }
    }
    return bundles;
  }

  @Override
  public void filterResolvable(Collection<BundleRevision> candidates) {
    // every bundle may resolve: where one may not, Felix hides from all others what is resolved
  }

  @Override
  public void filterSingletonCollisions(
      BundleCapability singleton, Collection<BundleCapability> collisions) {
    // generations are told apart above; a swap lets no two run at a time of what is a singleton
    if (isGeneration(singleton)) {
      collisions.removeIf(this::isGeneration);
    }
  }

  /** Or was one, and others that are wired to it keep its classes. */
  private boolean isGeneration(BundleCapability identity) {
    Bundle bundle = identity.getRevision().getBundle();
    return isUninstalled(bundle) || generations.of(bundle).isPresent();
  }

  @Override
  public void end() {
    // nothing is kept from one resolve to the next
  }
}
