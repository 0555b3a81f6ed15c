package dev.hotswap.osgi;

import java.util.Collection;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps the resolver from wiring one generation to another. Without it, a plugin that exports and
 * imports a package of its own (what bnd writes by default) would be wired, in its new generation,
 * to the old one's classes: an already resolved provider comes first.
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
    candidates.removeIf(
        candidate ->
            !generations.maySee(
                requirement.getRevision().getBundle(), candidate.getRevision().getBundle()));
  }

  @Override
  public void filterResolvable(Collection<BundleRevision> candidates) {
    // every bundle may resolve
  }

  @Override
  public void filterSingletonCollisions(
      BundleCapability singleton, Collection<BundleCapability> collisions) {
    // a singleton stays one: its second generation does not resolve, and is refused with the reason
  }

  @Override
  public void end() {
    // nothing is kept from one resolve to the next
  }
}
