package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The second half of a swap: what is staged is published and remembered for a rollback, and what it
 * replaces is seen off. Used in turn.
 */
final class Takeover {
  private final Stager stager;
  private final Publisher publisher;
  private final Ledger ledger;
  private final Departures departures;

  Takeover(Stager stager, Publisher publisher, Ledger ledger, Departures departures) {
    this.stager = stager;
    this.publisher = publisher;
    this.ledger = ledger;
    this.departures = departures;
  }

  /** What is recorded with a publish, and remembered for a rollback. */
  record Recorded(Pasts.Past past, Journal.Prepared entry) {}

  /**
   * Does what need not wait for the publish: the bytes are on the disk then, and what is to be
   * recorded is worked out.
   *
   * @throws SwapRefusedException when it cannot be recorded; what is staged is discarded then
   */
  Recorded prepare(Draft draft, Stager.Ready ready) {
    List<Generation> nexts = new ArrayList<>();
    ready.changes().forEach(change -> nexts.add(change.next().generation()));
    try {
      if (!nexts.isEmpty()) {
        ledger.force(ready.changes().get(0).subject(), nexts);
      }
    } catch (SwapRefusedException e) {
      discard(draft, ready);
      throw e;
    }
    Pasts.Past past = Pasts.Past.of(ready.changes());
    Entry swapped = new Entry.Swapped(past, Optional.of(draft.asked()));
    return new Recorded(past, ledger.prepare(swapped));
  }

  /**
   * @param terms of the drains that follow
   * @throws SwapRefusedException when it cannot be published; then what was current still is
   */
  Swap run(Draft draft, Departure.Terms terms, Stager.Ready ready) {
    return run(draft, terms, ready, prepare(draft, ready));
  }

  private Swap run(Draft draft, Departure.Terms terms, Stager.Ready ready, Recorded made) {
    List<Change> changes = ready.changes();
    if (changes.isEmpty()) {
      return unchanged(draft, ready.plan());
    }
    publish(draft, terms, changes, made);
    Departure.Undo undo = new Departure.Undo(changes, made.past());
    Receipt receipt = draft.done(Receipt.Outcome.SWAPPED, changes, List.of());
    return departures.begin(
        receipt, Departure.leaving(changes, List.of()), terms, Optional.of(undo));
  }

  /**
   * As {@link #run}, of what was staged some time ago. Where that is stale it is discarded.
   *
   * @param made by {@link #prepare}
   * @param what it is, for a refusal
   */
  Swap runLater(
      Draft draft, Departure.Terms terms, Stager.Ready ready, Recorded made, String what) {
    if (isStale(draft, ready)) {
      discard(draft, ready);
      throw stale(what, ready, "what it was planned against has changed meanwhile");
    }
    return run(draft, terms, ready, made);
  }

  /** Where that cannot be told, nobody will publish it any more. */
  private boolean isStale(Draft draft, Stager.Ready ready) {
    try {
      return stager.isStale(ready);
    } catch (RuntimeException | Error e) {
      discard(draft, ready);
      throw e;
    }
  }

  /** Takes away what is staged. */
  void discard(Draft draft, Stager.Ready ready) {
    stager.discard(draft.id(), ready.changes());
  }

  /** To be thrown where a staged set cannot be published any more. */
  SwapRefusedException stale(String what, Stager.Ready ready, String reason) {
    Optional<Generation> stands =
        ready.plan().members().stream()
            .findFirst()
            .flatMap(member -> ledger.current(member.jar().plugin()))
            .map(LiveGeneration::generation);
    return new SwapRefusedException(new Refusal.Stale(what, reason, stands));
  }

  private void publish(Draft draft, Departure.Terms terms, List<Change> changes, Recorded made) {
    ledger.keepingBytes(
        changes,
        () -> {
          publisher.publish(draft, terms, changes, List.of(), Optional.of(made.entry()));
          return made;
        });
  }

  private Swap unchanged(Draft draft, SetPlan plan) {
    List<Generation> same = new ArrayList<>();
    plan.members().forEach(member -> same.add(member.replaces().orElseThrow().generation()));
    for (Generation current : same) {
      ledger.tell(at -> new SwapEvent.Unchanged(draft.id(), at, current));
    }
    return departures.begin(draft.unchanged(same), List.of());
  }
}
