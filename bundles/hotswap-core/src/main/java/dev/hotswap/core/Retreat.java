package dev.hotswap.core;

import dev.hotswap.api.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The swaps of a plugin that are undone so that it goes back, the newest first, each with all that
 * was swapped together with it. Used by one thread.
 */
final class Retreat {
  private final Pasts pasts;
  private final Function<String, Optional<Generation>> current;
  private final String plugin;
  private final List<Pasts.Past> undone = new ArrayList<>();

  /**
   * @param current what is so of each plugin before anything is undone
   */
  Retreat(Pasts pasts, Function<String, Optional<Generation>> current, String plugin) {
    this.pasts = pasts;
    this.current = current;
    this.plugin = plugin;
  }

  /**
   * Undoes one swap more, if all that it published is still as it left it.
   *
   * @return why not; empty where it has
   */
  Optional<String> further() {
    Optional<Pasts.Past> past = pasts.without(undone).last(plugin);
    if (past.isEmpty()) {
      return Optional.of("no generation before it is kept");
    }
    for (Pasts.Part part : past.get().parts()) {
      if (at(part.plugin()).filter(part.after()::equals).isEmpty()) {
        return Optional.of(
            part.plugin() + ", which was swapped together with it, has been changed since");
      }
    }
    if (past.get().parts().stream().allMatch(part -> part.before().isEmpty())) {
      return Optional.of("it was new with its last swap; unload takes it away");
    }
    undone.add(past.get());
    return Optional.empty();
  }

  /** Where the plugin has come to; empty where it was new with the last of them. */
  Optional<Generation> at() {
    return at(plugin);
  }

  private Optional<Generation> at(String name) {
    Map<String, Optional<Generation>> before = Pasts.before(undone);
    return before.containsKey(name) ? before.get(name) : current.apply(name);
  }

  /** What has been undone, the newest first. */
  List<Pasts.Past> undone() {
    return List.copyOf(undone);
  }

  /** Every generation that it comes to, one swap after the other. Goes as far as it can. */
  List<Generation> all() {
    List<Generation> all = new ArrayList<>();
    while (further().isEmpty() && at().isPresent()) {
      all.add(at().get());
    }
    return all;
  }
}
