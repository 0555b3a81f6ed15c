package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.SwapEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
  /** How soon a decision is seen by who waits for the drain; the end of the drain is at once. */
  private static final Duration LOOK = Duration.ofMillis(10);

  private final FreshThreads threads;
  private final Ledger ledger;
  private final Retirer retirer;
  private final Departure.Terms usual;
  private final BiConsumer<Departure, LiveGeneration> reverse;
  private final List<Departure> underWay = new CopyOnWriteArrayList<>();
  private volatile boolean closing;

  /**
   * @param usual by the host's settings
   * @param reverse reverses a departure at its deadline, if it can
   */
  Departures(
      FreshThreads threads,
      Ledger ledger,
      Retirer retirer,
      Departure.Terms usual,
      BiConsumer<Departure, LiveGeneration> reverse) {
    this.threads = threads;
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

  /** In the background: each leaves as soon as it has drained and those before it are gone. */
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
    long start = System.nanoTime();
    Map<LiveGeneration, Calls> forced = new HashMap<>();
    underWay.add(departure);
    try {
      for (LiveGeneration old : departure.leaving()) {
        awaitEnd(departure, old, start, grace).ifPresent(calls -> forced.put(old, calls));
        old.heldDrain(Optional.of(Retirer.since(start)));
      }
      return departure.isReversed() ? Optional.empty() : Optional.of(forced);
    } finally {
      underWay.remove(departure);
    }
  }

  /** Those in which a generation of the plugin waits for its calls, oldest first. */
  List<Departure> of(String plugin) {
    return underWay.stream().filter(each -> waiting(each, plugin).isPresent()).toList();
  }

  /** The generation of the plugin that waits for its calls. */
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
      Optional<LiveGeneration> old = waiting(departure, plugin);
      old.ifPresent(live -> decide(departure, live, policy));
      old.map(LiveGeneration::generation).ifPresent(about::add);
    }
    return about;
  }

  private void decide(Departure departure, LiveGeneration old, DeadlinePolicy policy) {
    boolean interrupts = policy == DeadlinePolicy.INTERRUPT;
    departure.decide(old, interrupts ? DeadlinePolicy.WAIT : policy); // it is done now
    if (interrupts) {
      interrupt(departure, old);
    }
  }

  /** Interrupts who is calling it, as far as that is known. */
  private void interrupt(Departure departure, LiveGeneration old) {
    List<Holder> holders = old.interruptHolders();
    ledger.tell(at -> new SwapEvent.Interrupted(departure.swap(), at, old.generation(), holders));
  }

  /** From now on an interrupt ends a departure: the host takes the framework down with it. */
  void close() {
    closing = true;
  }

  private void seeOff(Departure departure) {
    try {
      ledger.dropUnwanted();
      for (LiveGeneration old : departure.leaving()) {
        seeOff(departure, old);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.remove(departure);
    }
  }

  private void seeOff(Departure departure, LiveGeneration old) throws InterruptedException {
    try {
      if (old.gone().isPresent()) {
        departure.tryLeave(old);
        departure.retired(old.gone().get());
        return;
      }
      long start = System.nanoTime();
      Optional<Calls> cutOff = awaitEnd(departure, old, start, Duration.ZERO);
      if (departure.tryLeave(old)) {
        departure.retired(retire(departure, old, Retirer.since(start), cutOff));
      }
    } catch (RuntimeException | Error e) {
      notReclaimed(List.of(old), Thrown.asText(e));
    }
  }

  private Retirement retire(
      Departure departure, LiveGeneration old, Duration drain, Optional<Calls> cutOff) {
    if (cutOff.isPresent()) {
      return retirer.force(departure.swap(), old, drain, cutOff.get());
    }
    boolean replaced = ledger.current(old.generation().plugin()).isPresent();
    // what was sent back or reversed would take the place of the one to roll back to
    boolean wanted = departure.running().filter(swap -> !swap.isUndone()).isPresent();
    return retirer.retire(departure.swap(), old, old.heldDrain().orElse(drain), replaced && wanted);
  }

  /**
   * Returns when its last call has ended, or when it is to be forced, or is reversed.
   *
   * @return its calls, when it is to be forced with some of them in flight
   */
  private Optional<Calls> awaitEnd(
      Departure departure, LiveGeneration old, long start, Duration grace)
      throws InterruptedException {
    Duration deadline = departure.terms().deadline();
    boolean overdue = false;
    while (!departure.isReversed()) {
      Duration left = deadline.minus(Retirer.since(start));
      if (awaitDrained(departure, old, overdue || left.compareTo(LOOK) > 0 ? LOOK : left)) {
        return Optional.empty();
      }
      Calls calls = departure.isForced(old) ? old.calls() : Calls.NONE;
      // where none is in flight the last one has left just now, and nothing needs to be forced
      if (calls.inFlight() > 0) {
        return Optional.of(calls);
      }
      if (!overdue && Retirer.since(start).compareTo(deadline) >= 0) {
        overdue = true;
        tellOverdue(departure, old, Retirer.since(start));
        act(departure, old);
      } else if (overdue
          && departure.isHeld()
          && Retirer.since(start).compareTo(deadline.plus(grace)) >= 0) {
        departure.tryReverse();
      }
    }
    return Optional.empty();
  }

  /**
   * As {@link Retirer#awaitDrained}, and earlier where it is interrupted: code of a plugin that was
   * stopped just now, on this thread, may have left that behind.
   */
  private boolean awaitDrained(Departure departure, LiveGeneration old, Duration limit)
      throws InterruptedException {
    try {
      return Retirer.awaitDrained(old, limit);
    } catch (InterruptedException e) {
      if (closing || departure.isHeld()) { // its asker's thread, who may give it up
        throw e;
      }
      return false;
    }
  }

  private void tellOverdue(Departure departure, LiveGeneration old, Duration waited) {
    Calls calls = old.calls(); // before the holders: who leaves meanwhile is rather counted
    List<Holder> holders = old.holders();
    old.overdue(holders);
    ledger.tell(
        at ->
            new SwapEvent.DrainOverdue(
                departure.swap(), at, old.generation(), waited, calls, holders));
  }

  private void act(Departure departure, LiveGeneration old) {
    DeadlinePolicy policy = departure.policy(old);
    if (policy == DeadlinePolicy.INTERRUPT) {
      interrupt(departure, old);
    } else if (policy == DeadlinePolicy.FORCE) {
      departure.decide(old, policy);
    } else if (departure.isHeld()) {
      departure.tryReverse();
    } else if (policy == DeadlinePolicy.REVERSE && departure.undo().isPresent()) {
      reverse.accept(departure, old);
    }
  }

  /** To the log only: what becomes of them now nobody knows, so no event would be true. */
  static void notReclaimed(List<LiveGeneration> generations, String reason) {
    System.getLogger(Departures.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "event=not-reclaimed generations=\"" + generations + "\" reason=" + reason);
  }
}
