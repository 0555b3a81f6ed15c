package dev.hotswap.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last swaps, newest first, with the bytes that they replaced, which stay in the content store
 * for as long. Used in turn, by one thread at a time.
 */
final class History {
  private final ContentStore store;
  private final int depth;
  private final Deque<Past> swaps = new ArrayDeque<>();

  /**
   * @param depth how many swaps of one plugin can be undone
   */
  History(ContentStore store, int depth) {
    this.store = store;
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

    Past renamed(Map<LiveGeneration, LiveGeneration> successors) {
      List<Part> renamed = new ArrayList<>();
      for (Part part : parts) {
        LiveGeneration after = successors.getOrDefault(part.after(), part.after());
        renamed.add(new Part(part.plugin(), part.before(), after));
      }
      return new Past(renamed);
    }

    boolean isAbout(String plugin) {
      return parts.stream().anyMatch(part -> part.plugin().equals(plugin));
    }
  }

  /**
   * What a swap did to one plugin.
   *
   * @param before the bytes that it replaced, and the generation that they were; empty for a plugin
   *     that was new
   * @param after the generation that it published
   */
  record Part(String plugin, Optional<LiveGeneration> before, LiveGeneration after) {}

  /** What it was, for {@link #undone}. */
  Past add(List<Change> changes) {
    List<Part> parts = new ArrayList<>();
    for (Change change : changes) {
      change.old().ifPresent(old -> store.retain(old.jar()));
      parts.add(new Part(change.plugin(), change.old(), change.next()));
    }
    Past past = new Past(parts);
    swaps.push(past);
    for (Part part : parts) {
      forgetBeyondDepth(part.plugin());
    }
    return past;
  }

  /** The last swap of the plugin that is not undone. */
  Optional<Past> last(String plugin) {
    return swaps.stream().filter(past -> past.isAbout(plugin)).findFirst();
  }

  /**
   * It is undone.
   *
   * @param back what was published in place of what it had published: those stand from now on for
   *     what it had replaced, so that the swap before can be undone too; none where that itself is
   *     published again
   */
  void undone(Past past, List<Change> back) {
    if (swaps.remove(past)) {
      release(past);
    }
    Map<LiveGeneration, LiveGeneration> successors = new HashMap<>();
    for (Part part : past.parts()) {
      for (Change change : back) {
        if (change.plugin().equals(part.plugin())) {
          part.before().ifPresent(before -> successors.put(before, change.next()));
        }
      }
    }
    List<Past> renamed = swaps.stream().map(older -> older.renamed(successors)).toList();
    swaps.clear();
    swaps.addAll(renamed);
  }

  private void forgetBeyondDepth(String plugin) {
    int seen = 0;
    for (Iterator<Past> pasts = swaps.iterator(); pasts.hasNext(); ) {
      Past past = pasts.next();
      if (past.isAbout(plugin) && ++seen > depth) {
        pasts.remove();
        release(past);
      }
    }
  }

  private void release(Past past) {
    for (Part part : past.parts()) {
      part.before().ifPresent(before -> store.release(before.generation().sha256()));
    }
  }
}
