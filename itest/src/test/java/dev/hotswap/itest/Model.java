package dev.hotswap.itest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What may answer, and what a rollback leads to, by what has been done. One thread does the deeds;
 * any thread may ask {@link #allows}.
 *
 * <p>Time is a count of what has happened. Each publish is a state: which version of each plugin
 * answers. While a deed is under way the states before and after it are both possible; a look-up is
 * right if one state that was possible at some moment of it holds all that was seen.
 */
final class Model {
  private static final int STATES = 1_000;

  private final int depth;
  private final AtomicLong clock = new AtomicLong();
  private final Deque<State> states = new ConcurrentLinkedDeque<>();
  private final Map<String, Release> deployed = new HashMap<>();
  private final Deque<Past> pasts = new ArrayDeque<>();
  private final AtomicLong turns = new AtomicLong();
  private final Losses losses = new Losses();
  private long releases;

  /**
   * @param depth how many swaps of one plugin can be undone
   */
  Model(int depth) {
    this.depth = depth;
    states.add(new State(Map.of(), 0));
  }

  private static final class State {
    private final Map<String, String> versions;
    private final long from;
    private volatile long until = Long.MAX_VALUE;

    State(Map<String, String> versions, long from) {
      this.versions = versions;
      this.from = from;
    }

    boolean holds(Stamp... seen) {
      for (Stamp stamp : seen) {
        if (!stamp.version().equals(versions.get(stamp.plugin()))) {
          return false;
        }
      }
      return true;
    }
  }

  /** One deployment: a rollback to the same version is another. */
  private record Release(String version, long serial) {}

  private record Past(Map<String, Optional<Release>> before, Map<String, Release> after) {}

  /** The moment, for {@link #allows}. */
  long now() {
    return clock.get();
  }

  /** Whether one look-up between these moments may have seen all of that. */
  boolean allows(long before, long after, Stamp... seen) {
    for (State state : states) { // newest first
      if (state.until <= before) {
        return false;
      }
      if (state.from <= after && state.holds(seen)) {
        return true;
      }
    }
    return false;
  }

  /** What answers when no deed is under way. */
  Map<String, String> answering() {
    return states.getFirst().versions;
  }

  /** Which of these plugins do not answer when no deed is under way. */
  List<String> missing(Collection<String> plugins) {
    return plugins.stream().filter(plugin -> !answering().containsKey(plugin)).sorted().toList();
  }

  /**
   * A deed begins that leads to this.
   *
   * @param changes versions by plugin; empty for a plugin that will not answer
   */
  void mayAnswer(Map<String, Optional<String>> changes) {
    Map<String, String> next = new HashMap<>(answering());
    changes.forEach(
        (plugin, version) ->
            version.ifPresentOrElse(v -> next.put(plugin, v), () -> next.remove(plugin)));
    states.addFirst(new State(next, clock.incrementAndGet()));
  }

  /** The deed is done: from now on only what it led to may answer. */
  void mustAnswer() {
    State newest = states.getFirst();
    long end = clock.get() + 1;
    states.stream().filter(state -> state != newest).forEach(state -> end(state, end));
    clock.incrementAndGet();
    while (states.size() > STATES) {
      states.removeLast();
    }
  }

  private static void end(State state, long end) {
    if (state.until == Long.MAX_VALUE) {
      state.until = end;
    }
  }

  /** A swap of these versions was published. */
  void swapped(Map<String, String> versions) {
    Map<String, Optional<Release>> before = new HashMap<>();
    Map<String, Release> after = new HashMap<>();
    versions.forEach(
        (plugin, version) -> {
          before.put(plugin, Optional.ofNullable(deployed.get(plugin)));
          after.put(plugin, release(version));
        });
    deployed.putAll(after);
    pasts.push(new Past(before, after));
    versions.keySet().forEach(this::forgetBeyondDepth);
  }

  private Release release(String version) {
    return new Release(version, ++releases);
  }

  private void forgetBeyondDepth(String plugin) {
    int seen = 0;
    for (Iterator<Past> older = pasts.iterator(); older.hasNext(); ) {
      if (older.next().after.containsKey(plugin) && ++seen > depth) {
        older.remove();
      }
    }
  }

  /** The version that was swapped in last, whatever somebody has put in its place since. */
  Optional<String> deployed(String plugin) {
    return Optional.ofNullable(deployed.get(plugin)).map(Release::version);
  }

  /** A deed begins that publishes old generations again: numbers may fall. */
  void turnsBack() {
    turns.incrementAndGet();
  }

  /** They are published again. */
  void turnedBack() {
    turns.incrementAndGet();
  }

  /** Rises when a deed begins that may let numbers fall, and when it ends; then it is even. */
  long turns() {
    return turns.get();
  }

  /** The swap that was published last, of this plugin, did not come to stay. */
  void undone(String plugin) {
    Past past = last(plugin).orElseThrow();
    pasts.remove(past);
    past.before.forEach(
        (name, old) ->
            old.ifPresentOrElse(
                release -> deployed.put(name, release), () -> deployed.remove(name)));
  }

  /** A deed begins after which a plugin that keeps state begins without any. */
  void mayLoseState(String plugin) {
    if (plugin.equals(Region.COUNTER)) {
      losses.begin();
    }
  }

  /** It is done. */
  void hasLostState(String plugin) {
    if (plugin.equals(Region.COUNTER)) {
      losses.end();
    }
  }

  /** How often the counter's state was lost; for any thread. */
  Losses losses() {
    return losses;
  }

  void unloaded(String plugin) {
    deployed.remove(plugin);
  }

  /** What a rollback leads to, as for {@link #mayAnswer}; empty where it must be refused. */
  Optional<Map<String, Optional<String>>> back(String plugin) {
    return last(plugin)
        .map(
            past -> {
              Map<String, Optional<String>> versions = new HashMap<>();
              past.before.forEach((name, old) -> versions.put(name, old.map(Release::version)));
              return versions;
            });
  }

  private Optional<Past> last(String plugin) {
    return pasts.stream()
        .filter(past -> past.after.containsKey(plugin))
        .findFirst()
        .filter(past -> deployed.entrySet().containsAll(past.after.entrySet()))
        .filter(past -> past.before.values().stream().anyMatch(Optional::isPresent));
  }

  /** The rollback was published. */
  void rolledBack(String plugin) {
    Past past = last(plugin).orElseThrow();
    pasts.remove(past);
    Map<Release, Release> successors = new HashMap<>();
    past.before.forEach(
        (name, old) -> {
          deployed.remove(name);
          old.ifPresent(release -> successors.put(release, release(release.version())));
          old.ifPresent(release -> deployed.put(name, successors.get(release)));
        });
    List<Past> renamed = new ArrayList<>();
    for (Past older : pasts) {
      Map<String, Release> after = new HashMap<>(older.after);
      after.replaceAll((name, release) -> successors.getOrDefault(release, release));
      renamed.add(new Past(older.before, after));
    }
    pasts.clear();
    pasts.addAll(renamed);
  }
}
