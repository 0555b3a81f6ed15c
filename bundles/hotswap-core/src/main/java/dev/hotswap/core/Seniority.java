package dev.hotswap.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What decides between services of equal ranking. It is the service id, as in OSGi, with one
 * exception: a generation that takes another's place in a publish takes over its seniority, or each
 * swap would hand the plugin's callers to whichever plugin was deployed longer ago than the newest
 * generation. Where a generation offers several services of one contract, the first registered
 * takes over from the first registered, and so on; those beyond keep their own ids.
 */
final class Seniority {
  private static final Comparator<Binding<?>> FIRST_REGISTERED =
      Comparator.comparingLong(Binding::serviceId);

  private Seniority() {}

  /** For each plugin among them, of those that leave to those that enter in the same publish. */
  static void handOver(List<? extends Binding<?>> leaving, List<? extends Binding<?>> entering) {
    Map<Place, List<Binding<?>>> before = inOrder(leaving);
    inOrder(entering)
        .forEach((place, heirs) -> inherit(heirs, before.getOrDefault(place, List.of())));
  }

  private static void inherit(List<Binding<?>> heirs, List<Binding<?>> predecessors) {
    long[] seniorities = predecessors.stream().mapToLong(Binding::seniority).sorted().toArray();
    for (int i = 0; i < Math.min(heirs.size(), seniorities.length); i++) {
      heirs.get(i).inherit(seniorities[i]);
    }
  }

  private static Map<Place, List<Binding<?>>> inOrder(List<? extends Binding<?>> bindings) {
    Map<Place, List<Binding<?>>> byPlace = new HashMap<>();
    for (Binding<?> binding : bindings) {
      Place place = new Place(binding.generation().plugin(), binding.contract());
      byPlace.computeIfAbsent(place, absent -> new ArrayList<>()).add(binding);
    }
    byPlace.values().forEach(of -> of.sort(FIRST_REGISTERED));
    return byPlace;
  }

  private record Place(String plugin, Class<?> contract) {}
}
