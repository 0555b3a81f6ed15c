package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What should run, and what is known about how it came: the sum of a journal's entries. Immutable;
 * nothing but names, numbers and digests.
 *
 * @param current what is current of each plugin, in the order in which the plugins first came
 * @param pasts the swaps that can be undone
 * @param numbers up to which number the generations of a plugin may have been given one
 * @param seen the digests that a plugin has had, oldest first; the last of them
 * @param offered the digest of the file that the host was opened with for the plugin, the last time
 * @param starts how many times in a row a start of a generation was begun, at a restart, and its
 *     end not recorded
 * @param wishes who asked for a generation, of those that are current or can be gone back to
 */
record Deployment(
    Map<String, Generation> current,
    Pasts pasts,
    Map<String, Long> numbers,
    Map<String, List<String>> seen,
    Map<String, String> offered,
    Map<Generation, Integer> starts,
    Map<Generation, Asked> wishes) {
  static final Deployment NONE =
      new Deployment(Map.of(), Pasts.NONE, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  /** How many digests of a plugin are remembered. */
  static final int MOST_SEEN = 100;

  /** Whether the bytes are needed: they are current, or can be rolled back to. */
  boolean names(String sha256) {
    return named().contains(sha256);
  }

  /** The digests of all that is. */
  Set<String> named() {
    Set<String> named = new LinkedHashSet<>();
    current.values().forEach(generation -> named.add(generation.sha256()));
    for (Pasts.Past past : pasts.all()) {
      past.parts().forEach(part -> part.before().ifPresent(old -> named.add(old.sha256())));
    }
    return named;
  }

  /** Whether the plugin has had these bytes, or the host was opened with them. */
  boolean hasSeen(String plugin, String sha256) {
    return seen.getOrDefault(plugin, List.of()).contains(sha256)
        || sha256.equals(offered.get(plugin));
  }

  /** Whether the plugin has had these bytes, and none is to run any more. */
  boolean wasUnloaded(String plugin, String sha256) {
    return !current.containsKey(plugin) && seen.getOrDefault(plugin, List.of()).contains(sha256);
  }

  /** How many starts of it in a row have not come to an end. */
  int died(Generation generation) {
    return starts.getOrDefault(generation, 0);
  }

  /** As {@link #died(Generation)}, of these bytes: the most of any generation that has had them. */
  int died(String plugin, String sha256) {
    return starts.entrySet().stream()
        .filter(start -> start.getKey().plugin().equals(plugin))
        .filter(start -> start.getKey().sha256().equals(sha256))
        .mapToInt(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  Deployment swapped(Pasts.Past past) {
    return current(past.parts().stream().map(Pasts.Part::after).toList()).withPast(past);
  }

  Deployment withPast(Pasts.Past past) {
    return with(pasts.with(past));
  }

  Deployment undone(List<Pasts.Past> undone, List<Generation> back, List<Generation> gone) {
    Deployment next = current(back);
    for (Generation each : gone) {
      next = next.gone(each);
    }
    return next.with(pasts.undone(undone, back));
  }

  Deployment current(List<Generation> published) {
    Map<String, Generation> next = new LinkedHashMap<>(current);
    Map<Generation, Integer> others = new LinkedHashMap<>(starts);
    for (Generation generation : published) {
      next.put(generation.plugin(), generation);
      others.keySet().removeIf(begun -> begun.plugin().equals(generation.plugin()));
    }
    Deployment deployment = new Deployment(next, pasts, numbers, seen, offered, others, wishes);
    for (Generation generation : published) {
      deployment = deployment.seen(generation.plugin(), generation.sha256());
    }
    return deployment;
  }

  /** Another generation of the plugin may be current by now, which stays. */
  Deployment gone(Generation generation) {
    Map<String, Generation> next = new LinkedHashMap<>(current);
    next.remove(generation.plugin(), generation);
    return new Deployment(next, pasts, numbers, seen, offered, starts, wishes);
  }

  /** As if a change had not been made; what else has changed since then stays. */
  Deployment takenBack(Deployment before, Deployment after) {
    Map<String, Generation> next = new LinkedHashMap<>(current);
    after.current.forEach(next::remove); // where it is still so, and put back below
    before.current.forEach(
        (plugin, old) -> {
          boolean touched = !old.equals(after.current.get(plugin));
          if (touched || after.current.get(plugin).equals(current.get(plugin))) {
            next.putIfAbsent(plugin, old);
          }
        });
    Map<Generation, Asked> asked = new LinkedHashMap<>(before.wishes);
    asked.putAll(wishes);
    return new Deployment(next, before.pasts, numbers, seen, offered, starts, asked);
  }

  /** Who asked for it, if that is known. */
  Optional<Asked> asked(Generation generation) {
    return Optional.ofNullable(wishes.get(generation));
  }

  Deployment askedFor(Optional<Asked> asked, List<Generation> generations) {
    Map<Generation, Asked> next = new LinkedHashMap<>(wishes);
    asked.ifPresent(who -> generations.forEach(wished -> next.put(wished, who)));
    return new Deployment(current, pasts, numbers, seen, offered, starts, next);
  }

  Deployment numbered(String plugin, long upTo) {
    Map<String, Long> next = new LinkedHashMap<>(numbers);
    next.merge(plugin, upTo, Math::max);
    return withNumbers(next);
  }

  Deployment withNumbers(Map<String, Long> upTo) {
    return new Deployment(current, pasts, new LinkedHashMap<>(upTo), seen, offered, starts, wishes);
  }

  /** With each swap, before its publish: the digests are copied as they lie, not looked up. */
  Deployment seen(String plugin, String sha256) {
    List<String> digests = new ArrayList<>(seen.getOrDefault(plugin, List.of()));
    digests.remove(sha256);
    digests.add(sha256);
    if (digests.size() > MOST_SEEN) {
      digests.remove(0);
    }
    Map<String, List<String>> next = new LinkedHashMap<>(seen);
    next.put(plugin, digests);
    return new Deployment(current, pasts, numbers, next, offered, starts, wishes);
  }

  Deployment offered(String plugin, String sha256) {
    Map<String, String> next = new LinkedHashMap<>(offered);
    next.put(plugin, sha256);
    return new Deployment(current, pasts, numbers, seen, next, starts, wishes);
  }

  Deployment starting(Collection<Generation> begun, Collection<Generation> ended) {
    Map<Generation, Integer> next = new LinkedHashMap<>(starts);
    ended.forEach(next::remove);
    begun.forEach(generation -> next.merge(generation, 1, Integer::sum));
    return new Deployment(current, pasts, numbers, seen, offered, next, wishes);
  }

  /** Without what is too old to be gone back to. */
  Deployment atMost(int depth) {
    Pasts kept = pasts.atMost(depth);
    Map<Generation, Asked> next = new LinkedHashMap<>(wishes);
    Set<Generation> named = new HashSet<>(current.values());
    kept.all().forEach(past -> past.parts().forEach(part -> part.before().ifPresent(named::add)));
    next.keySet().retainAll(named);
    return new Deployment(current, kept, numbers, seen, offered, starts, next);
  }

  private Deployment with(Pasts others) {
    return new Deployment(current, others, numbers, seen, offered, starts, wishes);
  }
}
