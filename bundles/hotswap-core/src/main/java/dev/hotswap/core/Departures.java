package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Sees generations off in the background: waits for their last calls, reports drains that are
 * overdue, and does what is to be done about those. Thread-safe.
 */
final class Departures {
  private final FreshThreads threads;
  private final World world;
  private final Ledger ledger;
  private final Retirer retirer;
  private final Departure.Terms usual;
  private final BiConsumer<Departure, List<LiveGeneration>> reverse;
  private final List<Departure> underWay = new CopyOnWriteArrayList<>();
  private volatile boolean closing;

  /**
   * @param usual by the host's settings
   * @param reverse reverses a departure at its deadline, for those that are stuck, if it can
   */
  Departures(
      FreshThreads threads,
      World world,
      Ledger ledger,
      Retirer retirer,
      Departure.Terms usual,
      BiConsumer<Departure, List<LiveGeneration>> reverse) {
    this.threads = threads;
    this.world = world;
    this.ledger = ledger;
    this.retirer = retirer;
    this.usual = usual;
    this.reverse = reverse;
  }

  /** What is done by the host's settings. */
  Departure.Terms usual() {
    return usual;
  }

  /** Keeps the receipt of a swap that cannot be reversed, and sees off what leaves with it. */
  RunningSwap begin(Receipt receipt, List<LiveGeneration> leaving) {
    return begin(receipt, leaving, usual, Optional.empty());
  }

  /** Keeps the receipt of a swap, and sees off what leaves with it. */
  RunningSwap begin(
      Receipt receipt,
      List<LiveGeneration> leaving,
      Departure.Terms terms,
      Optional<Departure.Undo> undo) {
    RunningSwap swap = ledger.receipts().keep(receipt, leaving.size());
    begin(new Departure(receipt.id(), leaving, terms, Optional.of(swap), undo));
    return swap;
  }

  /**
   * In the background: each drains by itself. None leaves before all have drained, as long as the
   * deadline has not passed, so that all can come back until then; from there on each leaves that
   * has drained when those before it are gone.
   */
  void begin(Departure departure) {
    if (departure.leaving().isEmpty()) {
      ledger.dropUnwanted();
      return;
    }
    underWay.add(departure);
    if (!threads.tryRun("hotswap-retire-" + departure.swap(), () -> seeOff(departure))) {
      underWay.remove(departure);
      notReclaimed(departure.leaving(), "the system gives no thread for it");
    }
  }

  /**
   * Waits for drains for which new callers are held, and does at their deadline what is to be done.
   * Who decides about drains meanwhile finds them here.
   *
   * @param grace how long to wait for threads that were interrupted
   * @return the calls of those that are to be reclaimed although some are inside; empty when it is
   *     given up, and none of them is to leave
   */
  Optional<Map<LiveGeneration, Calls>> awaitHeld(Departure departure, Duration grace)
      throws InterruptedException {
    Drains drains = new Drains(departure, world, ledger, grace, () -> closing);
    underWay.add(departure);
    try {
      drains.watchToTheEnd();
      return departure.isReversed() ? Optional.empty() : Optional.of(drains.forced());
    } finally {
      underWay.remove(departure);
    }
  }

  /** Those in which a generation of the plugin has not left yet, oldest first. */
  List<Departure> of(String plugin) {
    return underWay.stream().filter(each -> waiting(each, plugin).isPresent()).toList();
  }

  /** The generation of the plugin that waits for its calls, or for those of others of its set. */
  static Optional<LiveGeneration> waiting(Departure departure, String plugin) {
    return departure.leaving().stream()
        .filter(live -> live.generation().plugin().equals(plugin))
        .filter(departure::isWaiting)
        .findFirst();
  }

  /** What somebody has decided about every generation of the plugin that waits for its calls. */
  List<Generation> decide(List<Departure> draining, String plugin, DeadlinePolicy policy) {
    List<Generation> about = new ArrayList<>();
    for (Departure departure : draining) {
      Optional<LiveGeneration> old = waiting(departure, plugin).filter(live -> !live.isDrained());
      old.ifPresent(live -> decide(departure, live, policy));
      old.map(LiveGeneration::generation).ifPresent(about::add);
    }
    return about;
  }

  private void decide(Departure departure, LiveGeneration old, DeadlinePolicy policy) {
    boolean interrupts = policy == DeadlinePolicy.INTERRUPT;
    departure.decide(old, interrupts ? DeadlinePolicy.WAIT : policy); // it is done now
    if (interrupts) {
      Drains.interrupt(departure, old, ledger);
    }
  }

  /** From now on an interrupt ends a departure: the host takes the framework down with it. */
  void close() {
    closing = true;
  }

  private void seeOff(Departure departure) {
    try {
      ledger.dropUnwanted();
      Drains drains = new Drains(departure, world, ledger, Duration.ZERO, () -> closing);
      drains.watchToTheDeadline();
      if (drains.isOpen()) {
        goOn(departure, drains);
      }
      if (!departure.isReversed()) {
        retirer.evict(departure.swap());
      }
      for (LiveGeneration old : departure.leaving()) {
        seeOff(departure, drains, old);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.remove(departure);
    }
  }

  /** Past the deadline those that have drained leave while others are still being watched. */
  private void goOn(Departure departure, Drains drains) throws InterruptedException {
    boolean watched =
        departure.leaving().size() > 1
            && threads.tryRun("hotswap-drain-" + departure.swap(), () -> watch(drains));
    if (drains.isReversalDue()) {
      reverse.accept(departure, drains.stuck());
    }
    if (!watched) {
      drains.watchToTheEnd();
    }
  }

  private static void watch(Drains drains) {
    try {
      drains.watchToTheEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      drains.abandon("the host closes");
    }
  }

  private void seeOff(Departure departure, Drains drains, LiveGeneration old)
      throws InterruptedException {
    try {
      Optional<Drains.End> end = drains.awaitEnd(old);
      if (end.isPresent() && departure.tryLeave(old)) {
        departure.retired(retire(departure, old, end.get()));
      }
    } catch (RuntimeException | Error e) {
      notReclaimed(List.of(old), Thrown.asText(e));
    }
  }

  private Retirement retire(Departure departure, LiveGeneration old, Drains.End end) {
    if (old.gone().isPresent()) {
      return old.gone().get();
    }
    Calls calls = old.calls();
    return end.forced() && !old.isDrained()
        ? retirer.force(departure.swap(), old, end.took(), calls)
        : retirer.retire(departure.swap(), old, end.took());
  }

  /** To the log only: what becomes of them now nobody knows, so no event would be true. */
  static void notReclaimed(List<LiveGeneration> generations, String reason) {
    System.getLogger(Departures.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "event=not-reclaimed generations=\"" + generations + "\" reason=" + reason);
  }
}
