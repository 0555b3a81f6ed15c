package dev.hotswap.core;

import dev.hotswap.api.Generation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last swaps that can be undone, oldest first. A swap of several plugins is among those of each
 * of them. Immutable; nothing but names and numbers.
 *
 * @param all oldest first
 */
record Pasts(List<Past> all) {
  static final Pasts NONE = new Pasts(List.of());

  Pasts {
    all = List.copyOf(all);
  }

  /**
   * One swap that can be undone.
   *
   * @param parts everything that it published
   */
  record Past(List<Part> parts) {
    Past {
      parts = List.copyOf(parts);
    }

    static Past of(List<Change> changes) {
      List<Part> parts = new ArrayList<>();
      for (Change change : changes) {
        parts.add(
            new Part(change.old().map(LiveGeneration::generation), change.next().generation()));
      }
      return new Past(parts);
    }

    Optional<Part> part(String plugin) {
      return parts.stream().filter(part -> part.plugin().equals(plugin)).findFirst();
    }

    private Past renamed(Map<Generation, Generation> successors) {
      List<Part> renamed = new ArrayList<>();
      for (Part part : parts) {
        Generation after = successors.getOrDefault(part.after(), part.after());
        renamed.add(new Part(part.before(), after));
      }
      return new Past(renamed);
    }
  }

  /**
   * What a swap did to one plugin.
   *
   * @param before what it replaced; empty for a plugin that was new
   * @param after the generation that it published
   */
  record Part(Optional<Generation> before, Generation after) {
    String plugin() {
      return after.plugin();
    }
  }

  /** The last swap of the plugin that is not undone. */
  Optional<Past> last(String plugin) {
    List<Past> of = of(plugin);
    return of.isEmpty() ? Optional.empty() : Optional.of(of.get(of.size() - 1));
  }

  private List<Past> of(String plugin) {
    return all.stream().filter(past -> past.part(plugin).isPresent()).toList();
  }

  Pasts with(Past past) {
    List<Past> more = new ArrayList<>(all);
    more.add(past);
    return new Pasts(more);
  }

  Pasts without(List<Past> some) {
    List<Past> fewer = new ArrayList<>(all);
    fewer.removeAll(some);
    return new Pasts(fewer);
  }

  /**
   * Without those that are too old for one of their plugins, and so cannot be undone for the others
   * either.
   *
   * @param depth how many swaps of one plugin can be undone
   */
  Pasts atMost(int depth) {
    Map<String, Integer> newer = new HashMap<>();
    List<Past> kept = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0; i--) {
      Past past = all.get(i);
      boolean tooOld =
          past.parts().stream().anyMatch(part -> newer.getOrDefault(part.plugin(), 0) >= depth);
      if (!tooOld) {
        past.parts().forEach(part -> newer.merge(part.plugin(), 1, Integer::sum));
        kept.add(0, past);
      }
    }
    return new Pasts(kept);
  }

  /**
   * These are undone, newest first.
   *
   * @param back what was published in place of what they had published: it stands from now on for
   *     what they had replaced, so that the swap before can be undone too
   */
  Pasts undone(List<Past> some, List<Generation> back) {
    Map<String, Optional<Generation>> before = before(some);
    Map<Generation, Generation> successors = new HashMap<>();
    for (Generation next : back) {
      before
          .getOrDefault(next.plugin(), Optional.empty())
          .ifPresent(replaced -> successors.put(replaced, next));
    }
    return new Pasts(without(some).all.stream().map(past -> past.renamed(successors)).toList());
  }

  /** What each plugin comes back to when these are undone, newest first. */
  static Map<String, Optional<Generation>> before(List<Past> some) {
    Map<String, Optional<Generation>> before = new LinkedHashMap<>();
    some.forEach(past -> past.parts().forEach(part -> before.put(part.plugin(), part.before())));
    return before;
  }
}
