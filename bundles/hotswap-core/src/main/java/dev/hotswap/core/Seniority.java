package dev.hotswap.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
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

  private static final Comparator<Binding<?>> MOST_SENIOR =
      Comparator.comparingLong(Binding::seniority);

  private Seniority() {}

  /** For each plugin among them, of those that leave to those that enter in the same publish. */
  static void handOver(List<? extends Binding<?>> leaving, List<? extends Binding<?>> entering) {
    Map<String, List<Binding<?>>> before = byPlugin(leaving);
    byPlugin(entering)
        .forEach(
            (plugin, heirs) -> {
              List<Binding<?>> predecessors = before.get(plugin);
              if (predecessors != null) {
                inherit(heirs, predecessors);
              }
            });
  }

  /** On the way to the one write, in code that is seldom warm: hence no streams. */
  private static void inherit(List<Binding<?>> heirs, List<Binding<?>> predecessors) {
    heirs.sort(FIRST_REGISTERED);
    predecessors.sort(MOST_SENIOR);
    for (Binding<?> heir : heirs) {
      for (Iterator<Binding<?>> left = predecessors.iterator(); left.hasNext(); ) {
        Binding<?> predecessor = left.next();
        if (predecessor.contract() == heir.contract()) {
          heir.inherit(predecessor.seniority());
          left.remove();
          break;
        }
      }
    }
  }

  private static Map<String, List<Binding<?>>> byPlugin(List<? extends Binding<?>> bindings) {
    Map<String, List<Binding<?>>> byPlugin = new HashMap<>();
    for (Binding<?> binding : bindings) {
      String plugin = binding.generation().plugin();
      byPlugin.computeIfAbsent(plugin, absent -> new ArrayList<>()).add(binding);
    }
    return byPlugin;
  }
}
