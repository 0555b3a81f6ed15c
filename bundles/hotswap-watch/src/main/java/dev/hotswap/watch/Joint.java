package dev.hotswap.watch;

import dev.hotswap.api.Generation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A drop in which bundles and settings changed together. Immutable.
 *
 * @param published what its swap made current, by plugin; with the number 0 as long as that is
 *     under way
 * @param replaced what was current before, by plugin; empty for a plugin that was new
 * @param before the settings that stood, by identity; empty for those that are new
 * @param files the names of the files of settings
 * @param superseded whether something else than a drop with settings has been swapped in since, in
 *     place of what it published
 */
record Joint(
    Map<String, Generation> published,
    Map<String, Optional<Generation>> replaced,
    Map<String, Optional<Map<String, Object>>> before,
    List<String> files,
    boolean superseded) {
  Joint {
    published = Map.copyOf(published);
    replaced = Map.copyOf(replaced);
    before = Map.copyOf(before);
    files = List.copyOf(files);
  }

  boolean isUnderWay() {
    return published.values().stream().anyMatch(generation -> generation.number() == 0);
  }

  /** Whether it made that current. */
  boolean published(Generation generation) {
    Generation own = published.get(generation.plugin());
    return own != null
        && own.sha256().equals(generation.sha256())
        && (own.number() == generation.number() || own.number() == 0);
  }

  /** The same, now that its swap is done. */
  Joint published(List<Generation> by, Map<String, Optional<Generation>> instead) {
    Map<String, Generation> all = new HashMap<>();
    by.forEach(generation -> all.put(generation.plugin(), generation));
    return new Joint(all, instead, before, files, false);
  }

  /** The one is the other once more, under a new number. */
  Joint renamed(Generation old, Generation next) {
    Map<String, Generation> all = new HashMap<>(published);
    all.replaceAll((plugin, own) -> own.equals(old) ? next : own);
    Map<String, Optional<Generation>> others = new HashMap<>(replaced);
    others.replaceAll(
        (plugin, own) -> own.filter(old::equals).isPresent() ? Optional.of(next) : own);
    return new Joint(all, others, before, files, superseded && all.equals(published));
  }

  Joint superseded(boolean by) {
    return new Joint(published, replaced, before, files, by);
  }

  /** These settings had stood before it. */
  Joint before(String pid, Optional<Map<String, Object>> values) {
    Map<String, Optional<Map<String, Object>>> all = new LinkedHashMap<>(before);
    all.replace(pid, values);
    return new Joint(published, replaced, all, files, superseded);
  }

  /** These settings have come alone since, and are no part of it any more. */
  Joint without(String pid, String file) {
    Map<String, Optional<Map<String, Object>>> fewer = new LinkedHashMap<>(before);
    fewer.remove(pid);
    List<String> others = new ArrayList<>(files);
    others.remove(file);
    return new Joint(published, replaced, fewer, others, superseded);
  }

  /** Whether all that it made current is so, by its bytes. */
  boolean stands(Function<String, Optional<Generation>> current) {
    return published.values().stream()
        .allMatch(own -> hasBytes(current.apply(own.plugin()), Optional.of(own)));
  }

  /** Whether what was current before is so again, by its bytes. */
  boolean isUndone(Function<String, Optional<Generation>> current) {
    return replaced.values().stream().anyMatch(Optional::isPresent)
        && replaced.entrySet().stream()
            .allMatch(old -> hasBytes(current.apply(old.getKey()), old.getValue()));
  }

  private static boolean hasBytes(Optional<Generation> one, Optional<Generation> other) {
    return one.map(Generation::sha256).equals(other.map(Generation::sha256));
  }
}
