package dev.hotswap.gogo;

import dev.hotswap.api.Generation;
import java.util.List;
import java.util.Optional;

/** How a generation looks from inside the framework. */
@FunctionalInterface
interface Inside {
  /** Empty where its bundle is not found. */
  Optional<View> of(Generation generation);

  /**
   * @param bundle its id and state
   * @param services the services that it offers
   * @param uses what it gets from other bundles
   * @param usedBy what others get from it
   */
  record View(String bundle, List<String> services, List<String> uses, List<String> usedBy) {}
}
