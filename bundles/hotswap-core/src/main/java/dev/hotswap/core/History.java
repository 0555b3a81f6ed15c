package dev.hotswap.core;

import dev.hotswap.api.Generation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last swaps of each plugin, with the bytes that they replaced, which stay in the content store
 * for as long. A swap of several plugins is among those of each. It remembers nothing of what a
 * generation offered, so that it keeps no class alive. Used in turn, by one thread at a time.
 */
final class History {
  private final Ledger ledger;
  private final int depth;
  private final Map<String, List<Past>> byPlugin = new HashMap<>(); // newest last

  /**
   * @param depth how many swaps of one plugin can be undone
   */
  History(Ledger ledger, int depth) {
    this.ledger = ledger;
    this.depth = depth;
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

    Past renamed(Map<Generation, Generation> successors) {
      List<Part> renamed = new ArrayList<>();
      for (Part part : parts) {
        Generation after = successors.getOrDefault(part.after(), part.after());
        renamed.add(new Part(part.plugin(), part.before(), after));
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
  record Part(String plugin, Optional<Replaced> before, Generation after) {}

  /**
   * A generation that was replaced.
   *
   * @param bytes of it
   * @param kept whether the content store has them; otherwise they were gone by then, with the
   *     bundle, which somebody had uninstalled
   */
  record Replaced(Generation generation, Jar bytes, boolean kept) {}

  /** What it was, for {@link #undone}. */
  Past add(List<Change> changes) {
    List<Part> parts = new ArrayList<>();
    for (Change change : changes) {
      Optional<Replaced> before = change.old().map(this::replaced);
      parts.add(new Part(change.plugin(), before, change.next().generation()));
    }
    Past past = new Past(parts);
    for (Part part : parts) {
      byPlugin.computeIfAbsent(part.plugin(), plugin -> new ArrayList<>()).add(past);
    }
    for (Part part : parts) {
      forgetBeyondDepth(part.plugin());
    }
    return past;
  }

  private Replaced replaced(LiveGeneration old) {
    return new Replaced(old.generation(), old.jar(), ledger.tryAgain(old.jar()));
  }

  /** The last swap of the plugin that is not undone. */
  Optional<Past> last(String plugin) {
    List<Past> pasts = of(plugin);
    return pasts.isEmpty() ? Optional.empty() : Optional.of(pasts.get(pasts.size() - 1));
  }

  /**
   * It is undone.
   *
   * @param back what was published in place of what it had published: those stand from now on for
   *     what it had replaced, so that the swap before can be undone too; none where that itself is
   *     published again
   */
  void undone(Past past, List<Change> back) {
    forget(past);
    Map<Generation, Generation> successors = new HashMap<>();
    for (Part part : past.parts()) {
      for (Change change : back) {
        if (change.plugin().equals(part.plugin())) {
          Generation next = change.next().generation();
          part.before().ifPresent(before -> successors.put(before.generation(), next));
        }
      }
    }
    past.parts().forEach(part -> rename(part.plugin(), successors));
  }

  private void rename(String plugin, Map<Generation, Generation> successors) {
    for (Past older : List.copyOf(of(plugin))) {
      Past renamed = older.renamed(successors);
      for (Part part : older.parts()) {
        of(part.plugin()).replaceAll(past -> past.equals(older) ? renamed : past);
      }
    }
  }

  private List<Past> of(String plugin) {
    return byPlugin.getOrDefault(plugin, List.of());
  }

  private void forgetBeyondDepth(String plugin) {
    while (of(plugin).size() > depth) {
      forget(of(plugin).get(0));
    }
  }

  /** It cannot be undone any more, for none of its plugins; nothing where it was forgotten. */
  private void forget(Past past) {
    boolean known = false;
    for (Part part : past.parts()) {
      List<Past> pasts = of(part.plugin());
      known |= !pasts.isEmpty() && pasts.remove(past);
      if (pasts.isEmpty()) {
        byPlugin.remove(part.plugin());
      }
    }
    if (known) {
      release(past);
    }
  }

  private void release(Past past) {
    for (Part part : past.parts()) {
      part.before().filter(Replaced::kept).map(Replaced::bytes).ifPresent(ledger::dropLater);
    }
  }
}
