package dev.hotswap.core;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The old generations of one swap while they leave, and what has been decided about that. Whether
 * they leave or come back is decided once: who is told true by {@link #tryLeave} or {@link
 * #tryReverse} does it. Thread-safe.
 */
final class Departure {
  private final long swap;
  private final List<LiveGeneration> leaving;
  private final Terms terms;
  private final Optional<RunningSwap> running;
  private final Optional<Undo> undo;
  private final Map<LiveGeneration, DeadlinePolicy> decided = new HashMap<>();
  private final Set<LiveGeneration> left = new HashSet<>();
  private boolean reversed;

  /** After how long its drains are overdue, and what is done then. */
  record Terms(Duration deadline, DeadlinePolicy policy) {
    static Terms of(SwapSettings settings, SwapOptions options) {
      return new Terms(
          options.drainDeadline().orElse(settings.drainDeadline()),
          options.onDeadline().orElse(settings.onDeadline()));
    }
  }

  /** What the swap did, where it can be undone as long as they drain. */
  record Undo(List<Change> changes, Pasts.Past past) {}

  /**
   * @param leaving in the order in which they leave, each when those before it are gone; they drain
   *     side by side
   * @param running who is told; empty where callers are held for the drain, and the swap has no
   *     answer yet
   * @param undo empty where the swap is not to be reversed
   */
  Departure(
      long swap,
      List<LiveGeneration> leaving,
      Terms terms,
      Optional<RunningSwap> running,
      Optional<Undo> undo) {
    this.swap = swap;
    this.leaving = List.copyOf(leaving);
    this.terms = terms;
    this.running = running;
    this.undo = undo;
  }

  /** What the changes replace, and what nothing takes the place of; dependents first. */
  static List<LiveGeneration> leaving(List<Change> changes, List<LiveGeneration> unwanted) {
    List<LiveGeneration> leaving = new ArrayList<>();
    changes.forEach(change -> change.old().ifPresent(old -> leaving.add(0, old)));
    unwanted.forEach(gone -> leaving.add(0, gone));
    return leaving;
  }

  /** Of what drains while new callers are held. */
  static Departure held(long swap, List<LiveGeneration> draining, Terms terms) {
    return new Departure(swap, draining, terms, Optional.empty(), Optional.empty());
  }

  /** Whether new callers are held for it, so that it cannot go on for ever. */
  boolean isHeld() {
    return running.isEmpty();
  }

  long swap() {
    return swap;
  }

  List<LiveGeneration> leaving() {
    return leaving;
  }

  Terms terms() {
    return terms;
  }

  Optional<RunningSwap> running() {
    return running;
  }

  Optional<Undo> undo() {
    return undo;
  }

  /** What somebody has decided about it, or else what is to be done at the deadline. */
  synchronized DeadlinePolicy policy(LiveGeneration generation) {
    return decided.getOrDefault(generation, terms.policy());
  }

  synchronized boolean isForced(LiveGeneration generation) {
    return decided.get(generation) == DeadlinePolicy.FORCE;
  }

  synchronized void decide(LiveGeneration generation, DeadlinePolicy policy) {
    decided.put(generation, policy);
  }

  /** Whether it waits for calls, or for its turn to leave. */
  synchronized boolean isWaiting(LiveGeneration generation) {
    return !reversed && leaving.contains(generation) && !left.contains(generation);
  }

  /** Its last call has ended, unless all of them come back. */
  synchronized boolean tryDrain(LiveGeneration generation) {
    if (!reversed) {
      generation.stage(Stage.DRAINED); // here, or it might be current by now
    }
    return !reversed;
  }

  /** It leaves now, unless all of them come back. */
  synchronized boolean tryLeave(LiveGeneration generation) {
    return !reversed && left.add(generation);
  }

  /** All of them come back now, unless one has left. */
  synchronized boolean tryReverse() {
    boolean comes = !reversed && left.isEmpty();
    reversed |= comes;
    return comes;
  }

  /** Whether one has left, so that they cannot all come back. */
  synchronized boolean isBroken() {
    return !left.isEmpty();
  }

  synchronized boolean isReversed() {
    return reversed;
  }

  void retired(Retirement retirement) {
    running.ifPresent(swapping -> swapping.retired(retirement));
  }
}
