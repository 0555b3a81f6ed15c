package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Has a set staged, and does the second half of its swap: what is staged is published and
 * remembered for a rollback, and what it replaces is seen off. Used in turn.
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
   * What is staged, and all that need not wait for the publish is done: the bytes are on the disk,
   * and what is to be recorded is worked out.
   */
  record Publishable(Stager.Ready ready, Recorded recorded) {
    List<Change> changes() {
      return ready.changes();
    }
  }

  /**
   * Stages; {@link Stager#stage(Draft, List, boolean, Consumer, Consumer)} says how.
   *
   * @throws SwapRefusedException also when it cannot be recorded
   */
  Publishable stage(Draft draft, List<Path> files, boolean inPlace, Consumer<SetPlan> admission) {
    AtomicReference<Recorded> recorded = new AtomicReference<>();
    Stager.Ready ready =
        stager.stage(
            draft, files, inPlace, admission, changes -> recorded.set(record(draft, changes)));
    return new Publishable(ready, recorded.get());
  }

  private Recorded record(Draft draft, List<Change> changes) {
    List<Generation> nexts = new ArrayList<>();
    changes.forEach(change -> nexts.add(change.next().generation()));
    if (!nexts.isEmpty()) {
      ledger.force(changes.get(0).subject(), nexts);
    }
    Pasts.Past past = Pasts.Past.of(changes);
    Entry swapped = new Entry.Swapped(past, Optional.of(draft.asked()));
    return new Recorded(past, ledger.prepare(swapped));
  }

  /**
   * @param terms of the drains that follow
   * @throws SwapRefusedException when it cannot be published; then what was current still is
   */
  Swap run(Draft draft, Departure.Terms terms, Publishable made) {
    List<Change> changes = made.changes();
    if (changes.isEmpty()) {
      return unchanged(draft, made.ready.plan());
    }
    publish(draft, terms, made);
    Departure.Undo undo = new Departure.Undo(changes, made.recorded.past);
    Receipt receipt = draft.done(Receipt.Outcome.SWAPPED, changes, List.of());
    return departures.begin(
        receipt, Departure.leaving(changes, List.of()), terms, Optional.of(undo));
  }

  /**
   * As {@link #run}, of what was staged some time ago. Where that is stale it is discarded.
   *
   * @param what it is, for a refusal
   */
  Swap runLater(Draft draft, Departure.Terms terms, Publishable made, String what) {
    if (isStale(draft, made.ready)) {
      discard(draft, made.ready);
      throw stale(what, made.ready, "what it was planned against has changed meanwhile");
    }
    return run(draft, terms, made);
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

  private void publish(Draft draft, Departure.Terms terms, Publishable made) {
    ledger.keepingBytes(
        made.changes(),
        () -> {
          publisher.publish(
              draft, terms, made.changes(), List.of(), Optional.of(made.recorded.entry));
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
