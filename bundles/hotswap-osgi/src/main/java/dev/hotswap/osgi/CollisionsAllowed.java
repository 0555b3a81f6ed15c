package dev.hotswap.osgi;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.bundle.CollisionHook;

/**
 * Lets a bundle be installed beside a generation of its own name and version, where the framework
 * leaves that to hooks ({@code org.osgi.framework.bsnversion=managed}, which is its default). A
 * bundle that no swap installed is in the way as ever.
 *
 * @see <a
 *     href="https://docs.osgi.org/specification/osgi.core/8.0.0/framework.bundlehooks.html">OSGi
 *     Core 8, 54</a>
 */
final class CollisionsAllowed implements CollisionHook {
  private final Generations generations;

  CollisionsAllowed(Generations generations) {
    this.generations = generations;
  }

  @Override
  public void filterCollisions(int operation, Bundle target, Collection<Bundle> inTheWay) {
    inTheWay.removeIf(bundle -> generations.of(bundle).isPresent());
  }
}
