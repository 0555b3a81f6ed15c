package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapEvent;
import java.lang.ref.WeakReference;
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

  private volatile Optional<Verdicts> verdicts = Optional.empty();

  /** A removed generation whose classes are still in use, and the swap that removed it. */
  private record Kept(long swap, Removed removed) {}

  /**
   * What the framework held of a generation.
   *
   * @param loader its class loader, if it had one; not kept
   */
  private record Removed(Staged staged, Optional<WeakReference<ClassLoader>> loader) {
    static Removed of(Staged staged) {
      return new Removed(staged, staged.loader().map(WeakReference::new));
    }

    boolean isFree() {
      return staged.keptBy().isEmpty();
    }
  }

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

  /** Has what it reclaims watched from now on. */
  void judgedBy(Verdicts judge) {
    verdicts = Optional.of(judge);
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
  private List<String> settle(long swap, LiveGeneration old, Optional<Removed> removed) {
    List<String> keptBy = removed.map(gone -> gone.staged().keptBy()).orElse(List.of());
    Generation generation = old.generation();
    if (keptBy.isEmpty()) {
      if (ledger.end(old, Stage.RECLAIMED)) {
        removed.ifPresent(gone -> ledger.receipts().reclaimed(generation, gone.staged().label()));
        ledger.tell(at -> new SwapEvent.Reclaimed(swap, at, generation));
      }
      watch(swap, old, removed);
    } else if (kept.put(old, new Kept(swap, removed.orElseThrow())) == null) {
      ledger.tell(at -> new SwapEvent.KeptByDependents(swap, at, generation, keptBy));
    }
    return keptBy;
  }

  private void watch(long swap, LiveGeneration gone, Optional<Removed> removed) {
    removed
        .flatMap(Removed::loader)
        .ifPresent(
            loader -> verdicts.ifPresent(judge -> judge.watch(swap, gone.generation(), loader)));
  }

  /** What has just left may have been the last to keep something else. */
  private void settleKept() {
    kept.forEach(
        (generation, by) -> {
          // whoever takes it out is the only one to end it
          if (by.removed().isFree() && kept.remove(generation, by)) {
            settle(by.swap(), generation, Optional.of(by.removed()));
          }
        });
  }

  /**
   * Takes a generation away that did not make it. Nobody new reaches it any more. An interrupt says
   * that calls are waited for no longer, also those of what is discarded next.
   */
  void discard(long swap, LiveGeneration generation) {
    generation.close();
    boolean interrupted = false;
    try {
      awaitDrained(generation, deadline);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    generation.stage(Stage.DRAINED);
    Optional<Removed> removed = Optional.empty();
    try {
      removed = takeAway(generation);
    } finally {
      ledger.end(generation, Stage.DISCARDED);
      settleQuietly(swap, generation, removed);
      settleKept();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What has ended already is watched, once nothing is wired to it any more. */
  private void settleQuietly(long swap, LiveGeneration ended, Optional<Removed> removed) {
    if (removed.filter(gone -> !gone.isFree()).isPresent()) {
      kept.put(ended, new Kept(swap, removed.get()));
    } else {
      watch(swap, ended, removed);
    }
  }

  private Optional<Removed> takeAway(LiveGeneration generation) {
    Optional<Staged> staged = Optional.ofNullable(held.remove(generation));
    Optional<Removed> removed = staged.map(Removed::of);
    try {
      if (staged.isPresent()) {
        staged.get().remove();
      }
    } catch (InterruptedException e) {
      // by its own stop, or since the host closes; the framework goes on to forget it by itself
      Thread.currentThread().interrupt();
    }
    return removed;
  }

  /** Forgets a generation whose bundle somebody else has uninstalled. */
  void forget(LiveGeneration generation) {
    Optional<Removed> removed = Optional.ofNullable(held.remove(generation)).map(Removed::of);
    ledger.end(generation, Stage.RECLAIMED);
    if (removed.filter(gone -> !gone.isFree()).isPresent()) {
      kept.put(generation, new Kept(0, removed.get()));
    } else {
      removed
          .flatMap(Removed::loader)
          .ifPresent(
              loader ->
                  verdicts.ifPresent(
                      judge -> judge.watchElsewhere(0, generation.generation(), loader)));
    }
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
