package dev.hotswap.osgi;

import dev.hotswap.core.LiveGeneration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;

/** Which bundle is which generation. Thread-safe. */
final class Generations {
  private final Map<Long, LiveGeneration> byBundle = new ConcurrentHashMap<>();

  void add(Bundle bundle, LiveGeneration generation) {
    byBundle.put(bundle.getBundleId(), generation);
  }

  void remove(Bundle bundle) {
    byBundle.remove(bundle.getBundleId());
  }

  /** The generation that the bundle is; empty for a bundle that no swap installed. */
  Optional<LiveGeneration> of(Bundle bundle) {
    return bundle == null
        ? Optional.empty()
        : Optional.ofNullable(byBundle.get(bundle.getBundleId()));
  }

  /**
   * Whether a requirement of one bundle may be wired to a capability of another: never to another
   * generation of the same plugin, and of other plugins only to the current one.
   */
  boolean maySee(Bundle requirer, Bundle provider) {
    if (provider.getState() == Bundle.UNINSTALLED) {
      // it has left, and only those that were wired to it before keep its classes
      return requirer.getBundleId() == provider.getBundleId();
    }
    Optional<LiveGeneration> provided = of(provider);
    if (provided.isEmpty() || requirer.getBundleId() == provider.getBundleId()) {
      return true;
    }
    boolean sibling =
        of(requirer).map(Generations::plugin).equals(provided.map(Generations::plugin));
    return !sibling && provided.get().isCurrent();
  }

  private static String plugin(LiveGeneration generation) {
    return generation.generation().plugin();
  }
}
