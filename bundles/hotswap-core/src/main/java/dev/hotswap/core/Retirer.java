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

/** Ends a generation that has drained: stop, uninstall and refresh, then forget. Thread-safe. */
final class Retirer {
  private final World world;
  private final Duration deadline;
  private final Ledger ledger;
  private final Map<LiveGeneration, Staged> held = new ConcurrentHashMap<>();

  private volatile Optional<Standby> standby = Optional.empty();
  private final Map<LiveGeneration, Kept> kept = new ConcurrentHashMap<>();

  /** A removed generation whose classes are still in use, and the swap that removed it. */
  private record Kept(long swap, Staged staged) {}

  /**
   * @param deadline how long a discard waits for calls
   */
  Retirer(World world, Duration deadline, Ledger ledger) {
    this.world = world;
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

  /** Has it stand by, or reclaims it: its last call has ended, which has been told. */
  Retirement retire(long swap, LiveGeneration old, Duration drain) {
    Calls calls = old.calls();
    long start = System.nanoTime();
    List<String> bundle = bundle(old);
    boolean stands = ledger.isWayBack(old) && standBy(swap, old);
    List<String> keptBy = stands ? List.of() : reclaim(swap, old);
    return new Retirement(
        old.generation(),
        calls,
        inFlightAtClose(old, calls),
        drain,
        old.overdue(),
        since(start),
        stands || !keptBy.isEmpty() ? List.of() : bundle,
        keptBy);
  }

  /**
   * Reclaims it although calls are inside: those may fail, and it is tainted for good.
   *
   * @param calls some of which are in flight
   */
  Retirement force(long swap, LiveGeneration old, Duration drain, Calls calls) {
    List<Holder> holders = old.holders();
    long start = System.nanoTime();
    List<String> bundle = bundle(old);
    ledger.taint(old, calls);
    ledger.left(old, Stage.FORCED);
    ledger.tell(at -> new SwapEvent.Forced(swap, at, old.generation(), drain, calls, holders));
    // or whoever is told that its services go would wait for the calls once more
    world.withdraw(old, Duration.ZERO);
    List<String> keptBy = reclaim(swap, old);
    return new Retirement(
        old.generation(),
        calls,
        inFlightAtClose(old, calls),
        drain,
        holders,
        since(start),
        keptBy.isEmpty() ? bundle : List.of(),
        keptBy);
  }

  /** Reclaims what stands by and no rollback would go back to any more. */
  void evict(long swap) {
    standby.ifPresent(place -> place.evict(swap));
  }

  private List<String> bundle(LiveGeneration old) {
    return Optional.ofNullable(held.get(old)).map(Staged::label).stream().toList();
  }

  /** Who was just sent on is not counted. */
  private static long inFlightAtClose(LiveGeneration old, Calls calls) {
    return Math.min(old.inFlightAtClose(), calls.started());
  }

  /** Uninstalls what has drained; answers who keeps its classes. */
  List<String> reclaim(long swap, LiveGeneration drained) {
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

  /** What stood by is a new generation now; answers false where its bundle is gone. */
  boolean tryRenumber(LiveGeneration standing, LiveGeneration next) {
    Staged staged = held.remove(standing);
    if (staged != null) {
      held.put(next, staged);
      staged.renumber(next);
    }
    return staged != null;
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

  /**
   * Takes a generation away that did not make it. Nobody new reaches it any more. An interrupt says
   * that calls are waited for no longer, also those of what is discarded next.
   */
  void discard(LiveGeneration generation) {
    generation.close();
    boolean interrupted = false;
    try {
      awaitDrained(generation, deadline);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    generation.stage(Stage.DRAINED);
    try {
      takeAway(generation);
    } finally {
      ledger.end(generation, Stage.DISCARDED);
      settleKept();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Optional<Staged> takeAway(LiveGeneration generation) {
    Optional<Staged> staged = Optional.ofNullable(held.remove(generation));
    try {
      if (staged.isPresent()) {
        staged.get().remove();
      }
    } catch (InterruptedException e) {
      // by its own stop, or since the host closes; the framework goes on to forget it by itself
      Thread.currentThread().interrupt();
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
