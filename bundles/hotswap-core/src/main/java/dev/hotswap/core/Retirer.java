package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Sees a generation off: drain, then stop, uninstall and refresh, then forget. Thread-safe. */
final class Retirer {
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Duration deadline;
  private final Ledger ledger;
  private final Map<LiveGeneration, Staged> held = new ConcurrentHashMap<>();

  private volatile Optional<Standby> standby = Optional.empty();
  private final Map<LiveGeneration, Kept> kept = new ConcurrentHashMap<>();

  /** A removed generation whose classes are still in use, and the swap that removed it. */
  private record Kept(long swap, Staged staged) {}

  Retirer(Duration deadline, Ledger ledger) {
    this.deadline = deadline;
    this.ledger = ledger;
  }

  /** Notes what the framework holds of a generation, for the day it leaves. */
  void hold(LiveGeneration generation, Staged staged) {
    held.put(generation, staged);
  }

  /** Whether its bundle is still there. */
  boolean isHeld(LiveGeneration generation) {
    return held.containsKey(generation);
  }

  /** What the framework holds of it. */
  Staged held(LiveGeneration generation) {
    return held.get(generation);
  }

  /** Keeps what it retires in standby from now on; by default it is reclaimed at once. */
  void standby(Standby place) {
    standby = Optional.of(place);
  }

  /**
   * Waits for the last call, and then has it stand by or reclaims it. Past the deadline it says so,
   * once, and goes on waiting: taking the code away under a call would break the call.
   *
   * @throws InterruptedException when the host closes meanwhile
   */
  Retirement retire(long swap, LiveGeneration old, boolean mayStandBy) throws InterruptedException {
    Duration drain = drain(swap, old);
    Calls calls = old.calls();
    long start = System.nanoTime();
    ledger.tell(at -> new SwapEvent.Drained(swap, at, old.generation(), drain, calls));
    old.stage(Stage.DRAINED);
    List<String> bundle = Optional.ofNullable(held.get(old)).map(Staged::label).stream().toList();
    boolean stands = mayStandBy && standBy(swap, old);
    List<String> keptBy = stands ? List.of() : reclaim(swap, old);
    return new Retirement(
        old.generation(),
        calls,
        Math.min(old.inFlightAtClose(), calls.started()), // who was just sent on is not counted
        drain,
        old.overdue(),
        since(start),
        stands || !keptBy.isEmpty() ? List.of() : bundle,
        keptBy);
  }

  /** Uninstalls what has drained; answers who keeps its classes. */
  List<String> reclaim(long swap, LiveGeneration drained) throws InterruptedException {
    List<String> keptBy = settle(swap, drained, takeAway(drained));
    settleKept();
    return keptBy;
  }

  private boolean standBy(long swap, LiveGeneration old) {
    Staged staged = held.get(old);
    if (standby.isEmpty() || staged == null) {
      return false;
    }
    staged.stop();
    old.stage(Stage.STANDBY);
    ledger.tell(at -> new SwapEvent.StoodBy(swap, at, old.generation()));
    standby.get().enter(swap, old);
    return true;
  }

  /** What stood by is a new generation now. */
  void renumber(LiveGeneration standing, LiveGeneration next) {
    Staged staged = held.remove(standing);
    staged.renumber(next);
    held.put(next, staged);
  }

  private Duration drain(long swap, LiveGeneration old) throws InterruptedException {
    long start = System.nanoTime();
    if (!awaitDrained(old, deadline)) {
      Duration waited = since(start);
      Calls calls = old.calls(); // before the holders: who leaves meanwhile is rather counted
      List<Holder> holders = old.holders();
      old.overdue(holders);
      ledger.tell(
          at -> new SwapEvent.DrainOverdue(swap, at, old.generation(), waited, calls, holders));
      awaitDrained(old, FOREVER);
    }
    return since(start);
  }

  /** Ends a generation whose bundle is removed, or notes who still keeps its classes. */
  private List<String> settle(long swap, LiveGeneration old, Optional<Staged> staged) {
    List<String> keptBy = staged.map(Staged::keptBy).orElse(List.of());
    Generation generation = old.generation();
    if (keptBy.isEmpty()) {
      kept.remove(old);
      if (ledger.end(old, Stage.RECLAIMED)) {
        staged.ifPresent(gone -> ledger.receipts().reclaimed(generation, gone.label()));
        ledger.tell(at -> new SwapEvent.Reclaimed(swap, at, generation));
      }
    } else if (kept.put(old, new Kept(swap, staged.orElseThrow())) == null) {
      ledger.tell(at -> new SwapEvent.KeptByDependents(swap, at, generation, keptBy));
    }
    return keptBy;
  }

  /** What has just left may have been the last to keep something else. */
  private void settleKept() {
    kept.forEach((generation, by) -> settle(by.swap, generation, Optional.of(by.staged)));
  }

  /** Takes a generation away that did not make it. Nobody new reaches it any more. */
  void discard(LiveGeneration generation) throws InterruptedException {
    generation.close();
    awaitDrained(generation, deadline);
    generation.stage(Stage.DRAINED);
    try {
      takeAway(generation);
    } finally {
      ledger.end(generation, Stage.DISCARDED);
      settleKept();
    }
  }

  private Optional<Staged> takeAway(LiveGeneration generation) throws InterruptedException {
    Optional<Staged> staged = Optional.ofNullable(held.remove(generation));
    if (staged.isPresent()) {
      staged.get().remove();
    }
    return staged;
  }

  /** Forgets a generation whose bundle somebody else has uninstalled. */
  void forget(LiveGeneration generation) {
    held.remove(generation);
    ledger.end(generation, Stage.RECLAIMED);
  }

  static boolean awaitDrained(LiveGeneration generation, Duration limit)
      throws InterruptedException {
    long start = System.nanoTime();
    for (Binding<?> binding : generation.pinned()) {
      if (!binding.awaitDrained(limit.toNanos() - (System.nanoTime() - start))) {
        return false;
      }
    }
    return true;
  }

  static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
