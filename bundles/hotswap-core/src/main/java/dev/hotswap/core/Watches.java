package dev.hotswap.core;

import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Verdict;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The reclaimed generations that are watched, and the canaries beside them. Guarded by the lock of
 * {@link Judge}.
 *
 * <p>They stand in a row, the one watched last at its end: nobody's canaries are let go before
 * those of whoever stands ahead. So only its head, and what is held, is looked at, however many
 * wait for the JVM's next collection. One that is to be judged anew after a walk goes to the end,
 * and is asked for when those ahead of it are.
 */
final class Watches {
  /** For how long one is watched at least that somebody asks about. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** How many canaries have to go for an answer to whoever asks. */
  private static final int ENOUGH = 2;

  private final VerdictSettings settings;
  private final ReferenceQueue<ClassLoader> queue;
  private final Canaries canaries;
  private final Set<Watch> watches = new LinkedHashSet<>();
  private long collected;
  private long held;
  private int asking;
  private Optional<Long> lastGc = Optional.empty();

  Watches(VerdictSettings settings, Jvm jvm, ReferenceQueue<ClassLoader> queue) {
    this.settings = settings;
    this.queue = queue;
    this.canaries = new Canaries(jvm, queue);
  }

  /** What somebody wants to know: what becomes of these, once so many canaries are gone. */
  record Ask(List<Watch> about, long canaries) {}

  boolean isEmpty() {
    return watches.isEmpty();
  }

  /**
   * From now on it is watched, and the next canary is younger than the last reference to it.
   *
   * @param loader null where that is collected already
   */
  void add(Leaks.Watched told, ClassLoader loader, long now) {
    watches.add(new Watch(told, loader, queue, now, canaries.released(), settings.after()));
    canaries.release();
  }

  /** Takes note of what has come into the queue; answers a generation that was watched. */
  Optional<Watch> take(Reference<?> gone) {
    canaries.tryBury(gone);
    if (gone instanceof Watch watch && watches.remove(watch)) {
      collected++;
      watch.judge(Verdict.COLLECTED);
      return Optional.of(watch);
    }
    return Optional.empty();
  }

  /** Finds those to be held of which that can be said now; the queue is empty. */
  List<Watch> judge(long now) {
    List<Watch> found = spared().filter(watch -> watch.patienceLeft(now) <= 0).toList();
    for (Watch watch : found) {
      watch.judge(Verdict.HELD);
      held++;
    }
    if (asking > 0 || has(Watch::isOpen)) {
      canaries.release();
    }
    return found;
  }

  /** Those of which the canaries say that they are held. */
  private Stream<Watch> spared() {
    return watches.stream()
        .takeWhile(watch -> watch.isDecided(canaries.gone()))
        .filter(watch -> watch.isOpen() && !watch.isGone());
  }

  private boolean has(Predicate<Watch> kind) {
    return watches.stream().anyMatch(kind);
  }

  /** Whether the JVM is to be asked for a collection now; then that counts as done. */
  boolean tryCollect(long now) {
    boolean due = nanosToGc(now).filter(left -> left <= 0).isPresent();
    if (due) {
      lastGc = Optional.of(now);
    }
    return due;
  }

  private Optional<Long> nanosToGc(long now) {
    if (!settings.gc()) {
      return Optional.empty();
    }
    long pause = lastGc.map(at -> settings.after().toNanos() - (now - at)).orElse(Long.MIN_VALUE);
    return watches.stream()
        .filter(watch -> watch.isOpen() && !watch.isDecided(canaries.gone()))
        .findFirst()
        .map(watch -> Math.max(pause, watch.patienceLeft(now)));
  }

  /** How long until there is something to judge or to ask for, whatever comes into the queue. */
  Optional<Long> nanosToNext(long now) {
    Optional<Long> next = spared().findFirst().map(watch -> watch.patienceLeft(now));
    Optional<Long> gc = nanosToGc(now);
    return next.isEmpty() ? gc : gc.map(left -> Math.min(left, next.get())).or(() -> next);
  }

  /** Somebody wants to know what has become of all; to be {@linkplain #answered answered}. */
  Ask ask() {
    asking++;
    watches.forEach(watch -> watch.hurry(SOON));
    Ask ask = new Ask(List.copyOf(watches), canaries.released() + ENOUGH);
    if (!watches.isEmpty()) {
      canaries.release();
    }
    return ask;
  }

  /** Whoever asked has gone; answers how many are still asking. */
  int answered() {
    asking--;
    return asking;
  }

  /** Whether the JVM has not unloaded often enough since. */
  boolean needsCollection(Ask ask) {
    return canaries.gone() < ask.canaries() && isUnknown(ask, watch -> true);
  }

  /** Whether there is nothing more to find out by collections. */
  boolean isAnswered(Ask ask) {
    return !needsCollection(ask) && !isUnknown(ask, Watch::isOpen);
  }

  private boolean isUnknown(Ask ask, Predicate<Watch> kind) {
    return ask.about().stream().filter(watches::contains).anyMatch(kind);
  }

  /** Takes note of what a walk has found; empty where that is gone meanwhile. */
  Optional<Watch> found(HoldingPath path) {
    Optional<Watch> found =
        watches.stream()
            .filter(watch -> watch.told().generation().equals(path.generation()))
            .findFirst();
    found.ifPresent(
        watch -> {
          held -= watch.verdict() == Verdict.HELD ? 1 : 0; // it is known better now
          watch.found(path, canaries.released());
          held += watch.verdict() == Verdict.HELD ? 1 : 0;
          if (watch.isOpen()) {
            watches.remove(watch);
            watches.add(watch);
          }
        });
    return found;
  }

  /** Those of the plugin; all where it is empty. */
  List<Watch> of(Optional<String> plugin) {
    return watches.stream()
        .filter(
            watch ->
                plugin.filter(name -> !name.equals(watch.told().generation().plugin())).isEmpty())
        .toList();
  }

  List<Leaks.Watched> told() {
    return watches.stream()
        .sorted(Comparator.comparingLong(Watch::since)) // the row is another order
        .map(Watch::told)
        .toList();
  }

  Leaks.Count count() {
    long early = watches.stream().filter(watch -> watch.verdict() == Verdict.WATCHED).count();
    return new Leaks.Count(collected, held, early);
  }

  void clear() {
    watches.clear();
  }
}
