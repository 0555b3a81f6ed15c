package dev.hotswap.osgi;

import dev.hotswap.core.SwapSettings;
import dev.hotswap.core.World;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;

/** The stand-ins of all managed contracts. Thread-safe. */
final class StandIns {
  private final BundleContext context;
  private final World world;
  private final SwapSettings settings;
  private final Map<Class<?>, StandIn<?>> byContract = new ConcurrentHashMap<>();

  StandIns(BundleContext context, World world, SwapSettings settings) {
    this.context = context;
    this.world = world;
    this.settings = settings;
  }

  void add(Class<?> contract) {
    byContract.computeIfAbsent(contract, key -> new StandIn<>(context, key, world, settings));
  }

  /** Has each of the contracts stand in the registry if, and only if, something provides it. */
  void settle(Collection<Class<?>> contracts) {
    for (Class<?> contract : contracts) {
      StandIn<?> standIn = byContract.get(contract);
      if (standIn != null) {
        standIn.settle();
      }
    }
  }

  /** Takes all of them away for good. */
  void close() {
    byContract.values().forEach(StandIn::close);
  }
}
