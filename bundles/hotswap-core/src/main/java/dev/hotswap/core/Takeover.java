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

  /**
   * @param terms of the drains that follow
   * @throws SwapRefusedException when it cannot be published; then what was current still is
   */
  Swap run(Draft draft, Departure.Terms terms, Stager.Ready ready) {
    List<Change> changes = ready.changes();
    if (changes.isEmpty()) {
      return unchanged(draft, ready.plan());
    }
    Departure.Undo undo = new Departure.Undo(changes, publishAndRemember(draft, terms, changes));
    Receipt receipt = draft.done(Receipt.Outcome.SWAPPED, changes, List.of());
    return departures.begin(
        receipt, Departure.leaving(changes, List.of()), terms, Optional.of(undo));
  }

  /**
   * As {@link #run}, of what was staged some time ago. Where that is stale it is discarded.
   *
   * @param what it is, for a refusal
   */
  Swap runLater(Draft draft, Departure.Terms terms, Stager.Ready ready, String what) {
    if (isStale(draft, ready)) {
      discard(draft, ready);
      throw stale(what, ready, "what it was planned against has changed meanwhile");
    }
    return run(draft, terms, ready);
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

  private Pasts.Past publishAndRemember(Draft draft, Departure.Terms terms, List<Change> changes) {
    Pasts.Past past = Pasts.Past.of(changes);
    return ledger.keepingBytes(
        changes,
        () -> {
          Entry swapped = new Entry.Swapped(past, Optional.of(draft.asked()));
          publisher.publish(draft, terms, changes, List.of(), Optional.of(swapped));
          return past;
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
