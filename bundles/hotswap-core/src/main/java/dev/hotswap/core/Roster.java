package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Every live generation, by plugin, and the taints. Thread-safe. */
final class Roster {
  private final Map<String, List<LiveGeneration>> live = new TreeMap<>();
  private final List<Snapshot.Tainted> tainted = new ArrayList<>();

  /**
   * A new generation.
   *
   * @param number no other generation of the plugin has it
   */
  synchronized LiveGeneration begin(Jar jar, boolean library, long number) {
    LiveGeneration generation =
        new LiveGeneration(new Generation(jar.plugin(), number, jar.version(), jar.sha256()));
    generation.madeOf(jar, library);
    live.computeIfAbsent(jar.plugin(), plugin -> new ArrayList<>()).add(generation);
    return generation;
  }

  /** Forgets a generation that is gone; answers whether it was there. */
  synchronized boolean end(LiveGeneration generation) {
    String plugin = generation.generation().plugin();
    List<LiveGeneration> siblings = live.get(plugin);
    boolean there = siblings != null && siblings.remove(generation);
    if (there && siblings.isEmpty()) {
      live.remove(plugin);
    }
    return there;
  }

  synchronized Optional<LiveGeneration> current(String plugin) {
    for (LiveGeneration generation : live.getOrDefault(plugin, List.of())) {
      if (generation.isCurrent()) {
        return Optional.of(generation);
      }
    }
    return Optional.empty();
  }

  /** How many plugins have a current generation, but for those of these names. */
  synchronized int countCurrent(Set<String> but) {
    int count = 0;
    for (Map.Entry<String, List<LiveGeneration>> plugin : live.entrySet()) {
      boolean current = plugin.getValue().stream().anyMatch(LiveGeneration::isCurrent);
      count += current && !but.contains(plugin.getKey()) ? 1 : 0;
    }
    return count;
  }

  /** The plugin's, oldest first. */
  synchronized List<LiveGeneration> of(String plugin) {
    return List.copyOf(live.getOrDefault(plugin, List.of()));
  }

  synchronized List<LiveGeneration> all() {
    List<LiveGeneration> all = new ArrayList<>();
    live.values().forEach(all::addAll);
    return all;
  }

  /** A generation is being taken away from under its calls, and that is never forgotten. */
  synchronized void taint(Snapshot.Tainted generation) {
    tainted.add(generation);
  }

  /**
   * One of a plugin is current in it, if one was all the while. Calls are counted and stacks taken
   * under no lock of the roster: that may take a while, and swaps would wait for it.
   */
  Snapshot snapshot(Instant at) {
    Map<String, List<Standing>> standing = new TreeMap<>();
    List<Snapshot.Tainted> taints;
    synchronized (this) {
      live.forEach((plugin, all) -> standing.put(plugin, all.stream().map(Standing::of).toList()));
      taints = List.copyOf(tainted);
    }
    List<Snapshot.Plugin> plugins = new ArrayList<>();
    standing.forEach(
        (plugin, all) ->
            plugins.add(
                new Snapshot.Plugin(plugin, all.stream().map(Standing::snapshot).toList())));
    return new Snapshot(at, plugins, taints);
  }

  /** Where a generation stood at that moment. */
  private record Standing(LiveGeneration live, Stage stage) {
    static Standing of(LiveGeneration live) {
      return new Standing(live, live.stage());
    }

    Snapshot.Live snapshot() {
      return live.snapshot(stage);
    }
  }
}
