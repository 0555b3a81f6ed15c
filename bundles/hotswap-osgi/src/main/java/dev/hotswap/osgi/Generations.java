package dev.hotswap.osgi;

import dev.hotswap.core.LiveGeneration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;

/** Which bundle is which generation. Thread-safe. */
final class Generations {
  private final Map<Long, LiveGeneration> byBundle = new ConcurrentHashMap<>();
  private final Map<LiveGeneration, Bundle> bundles = new ConcurrentHashMap<>();
  private final Set<String> arriving = ConcurrentHashMap.newKeySet(); // locations

  /**
   * Sets are installed one bundle at a time, and the framework resolves what is installed whenever
   * somebody needs that: until all of a set are noted here, nothing is wired to or from any of it.
   *
   * @param locations of bundles that are about to be installed
   */
  void arrive(Set<String> locations) {
    arriving.addAll(locations);
  }

  /** All of them are noted, or gone. */
  void arrived(Set<String> locations) {
    arriving.removeAll(locations);
  }

  private boolean isArriving(Bundle bundle) {
    return !arriving.isEmpty() // as nearly always
        && bundle.getLocation() != null
        && arriving.contains(bundle.getLocation());
  }

  /** In place of the generation that the bundle was until now, if any: it is one all the while. */
  void put(Bundle bundle, LiveGeneration generation) {
    bundles.put(generation, bundle);
    LiveGeneration before = byBundle.put(bundle.getBundleId(), generation);
    if (before != null && before != generation) {
      bundles.remove(before);
    }
  }

  void remove(Bundle bundle) {
    LiveGeneration generation = byBundle.remove(bundle.getBundleId());
    if (generation != null) {
      bundles.remove(generation);
    }
  }

  /** The bundle of a generation that is installed. */
  Optional<Bundle> bundle(LiveGeneration generation) {
    return Optional.ofNullable(bundles.get(generation));
  }

  /** The generation that the bundle is; empty for a bundle that no swap installed. */
  Optional<LiveGeneration> of(Bundle bundle) {
    return bundle == null ? Optional.empty() : of(bundle.getBundleId());
  }

  /** The generation that the bundle of that id is; empty also once it has left. */
  Optional<LiveGeneration> of(long bundleId) {
    return Optional.ofNullable(byBundle.get(bundleId));
  }

  /**
   * Whether a requirement of one bundle may be wired to a capability of another: never to another
   * generation of the same plugin, and of other plugins only to the one that is staged together
   * with it, or was and is still there while it leaves, or else to the current one. Not at all
   * while one of them is {@linkplain #arrive arriving}.
   */
  boolean maySee(Bundle requirer, Bundle provider) {
    if (isArriving(requirer) || isArriving(provider)) {
      return false;
    }
    if (provider.getState() == Bundle.UNINSTALLED) {
      // it has left, and only those that were wired to it before keep its classes
      return requirer.getBundleId() == provider.getBundleId();
    }
    Optional<LiveGeneration> provided = of(provider);
    if (provided.isEmpty() || requirer.getBundleId() == provider.getBundleId()) {
      return true;
    }
    return maySee(of(requirer), provided.get());
  }

  private boolean maySee(Optional<LiveGeneration> requirer, LiveGeneration provider) {
    Optional<LiveGeneration> companion =
        requirer
            .filter(live -> !live.isCurrent())
            .flatMap(live -> live.companion(plugin(provider)))
            .filter(bundles::containsKey);
    if (companion.isPresent()) {
      return companion.get() == provider;
    }
    boolean sibling = requirer.map(Generations::plugin).equals(Optional.of(plugin(provider)));
    return !sibling && provider.isCurrent();
  }

  private static String plugin(LiveGeneration generation) {
    return generation.generation().plugin();
  }
}
