package dev.hotswap.core;

import dev.hotswap.api.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The time for which callers are held, and what is noted of those for whom they are. Who waits
 * fails after the availability time, so that is shared out: half of it at most to the drain, up to
 * three quarters to all that leads forward, and the rest to the way back. Thread-safe: a stop that
 * was given up looks here when it ends.
 */
final class Hold {
  private final Duration availability;
  private final List<Change> changes;
  private final Map<Change, StateTransfer.Given> given = new ConcurrentHashMap<>();
  private final Map<LiveGeneration, Calls> forced = new ConcurrentHashMap<>();
  private final Set<LiveGeneration> stopped = ConcurrentHashMap.newKeySet();
  private final long start = System.nanoTime();

  /**
   * @param changes whose callers are held
   */
  Hold(Duration availability, List<Change> changes) {
    this.availability = availability;
    this.changes = List.copyOf(changes);
  }

  /** Callers are held once more, for the same. */
  Hold again() {
    Hold again = new Hold(availability, changes);
    again.given.putAll(given);
    again.stopped.addAll(stopped);
    return again;
  }

  List<Change> changes() {
    return changes;
  }

  /** What takes over only when what it replaces has ended. */
  List<Change> alone() {
    return changes.stream().filter(Change::isOneAfterTheOther).toList();
  }

  /** What hands state over. */
  List<Change> stateful() {
    return changes.stream().filter(Change::handsStateOver).toList();
  }

  /** What is replaced. */
  List<LiveGeneration> olds() {
    List<LiveGeneration> olds = new ArrayList<>();
    changes.forEach(change -> olds.add(change.old().orElseThrow()));
    return olds;
  }

  /** What its old generation gave; empty where it gave none. */
  Optional<StateTransfer.Given> given(Change change) {
    return Optional.ofNullable(given.get(change));
  }

  void given(Change change, Optional<StateTransfer.Given> state) {
    state.ifPresentOrElse(some -> given.put(change, some), () -> given.remove(change));
  }

  /** The calls of an old generation that is to be reclaimed although some are inside. */
  Optional<Calls> forced(LiveGeneration old) {
    return Optional.ofNullable(forced.get(old));
  }

  void forced(LiveGeneration old, Calls calls) {
    forced.put(old, calls);
  }

  /** Whether an old generation was stopped, or is being. */
  boolean isStopped(LiveGeneration old) {
    return stopped.contains(old);
  }

  void stopped(LiveGeneration old) {
    stopped.add(old);
  }

  /** How long it has lasted. */
  Duration lasted() {
    return Retirer.since(start);
  }

  /** How long the drain may take. */
  Duration drainLimit(Duration deadline) {
    return shorter(deadline, availability.dividedBy(2));
  }

  /** How much longer callers wait for threads that were told to leave. */
  Duration grace() {
    return availability.dividedBy(8);
  }

  /** How long a step forward may take now. */
  Duration forward(Duration limit) {
    return shorter(limit, left(availability.multipliedBy(3).dividedBy(4)));
  }

  /** How long a step of the way back may take now. */
  Duration backward(Duration limit) {
    return shorter(limit, left(availability));
  }

  private Duration left(Duration end) {
    Duration left = end.minus(lasted());
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
