package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a staged set current in one write, and proves that it answers. Where it does not, the old
 * generations are published again.
 */
final class Publisher {
  private final World world;
  private final Stager stager;
  private final Ledger ledger;
  private final Probe probe;
  private final Handover handover;

  Publisher(World world, Installer installer, Stager stager, Handover handover, Ledger ledger) {
    this.world = world;
    this.stager = stager;
    this.handover = handover;
    this.ledger = ledger;
    this.probe = new Probe(world, installer);
  }

  /**
   * @param terms of the drains for which callers are held
   * @param leaving what goes with the same write, and nothing takes its place
   * @param entry is recorded before anything is published; empty where that is so already
   * @throws SwapRefusedException when one of them offers too little by now, is not handed over, or
   *     cannot be recorded; all are discarded then
   * @throws SentBackException when calls are not answered by them; they have had callers, and those
   *     that are left must drain
   */
  void publish(
      Draft draft,
      Departure.Terms terms,
      List<Change> changes,
      List<LiveGeneration> leaving,
      Optional<Journal.Prepared> entry) {
    long swap = draft.id();
    draft.step(Step.PUBLISH);
    Optional<Hold> hold =
        changes.stream().anyMatch(Change::isHeld)
            ? Optional.of(handover.begin(draft, terms, changes))
            : Optional.empty();
    for (Change change : changes) { // at a restart it is that of who asked before it
      Optional<Asked> asked = change.next().asked();
      change.next().asked(asked.or(() -> Optional.of(draft.asked())));
    }
    Optional<Journal.Commit> commit =
        entry.map(made -> commit(draft, changes, leaving, hold, made));
    Optional<Change> incomplete = world.tryPublish(changes, leaving);
    if (incomplete.isPresent()) {
      commit.ifPresent(ledger::takeBack);
      throw notPublished(draft, changes, hold, stager.noOffer(incomplete.get()));
    }
    hold.ifPresent(held -> draft.held(held.lasted()));
    changes.forEach(change -> tell(swap, change, change.old(), Optional.of(change.next())));
    leaving.forEach(gone -> tellGone(swap, gone));
    draft.step(Step.PROBE);
    try {
      for (Change change : changes) {
        probe(swap, change);
      }
      // the old ones are closed only now, so that a failed probe can go back to them
      changes.forEach(change -> change.old().ifPresent(LiveGeneration::close));
      leaving.forEach(LiveGeneration::close);
    } catch (RuntimeException | Error e) {
      commit.ifPresent(ledger::takeBack);
      throw hold.isEmpty()
          ? sendBack(swap, changes, leaving, e)
          : handBack(draft, hold.get(), changes, leaving, e);
    }
  }

  /** The commit point: whoever opens after a crash from here on finds the new generations. */
  private Journal.Commit commit(
      Draft draft,
      List<Change> changes,
      List<LiveGeneration> leaving,
      Optional<Hold> hold,
      Journal.Prepared entry) {
    try {
      List<Generation> nexts = changes.stream().map(each -> each.next().generation()).toList();
      Subject about =
          changes.isEmpty() ? ledger.subject(leaving.get(0).jar()) : changes.get(0).subject();
      return ledger.commit(entry, about, nexts);
    } catch (SwapRefusedException refused) {
      throw notPublished(draft, changes, hold, refused.refusal());
    }
  }

  private SwapRefusedException notPublished(
      Draft draft, List<Change> changes, Optional<Hold> hold, Refusal refusal) {
    SwapRefusedException refused = new SwapRefusedException(refusal);
    if (hold.isPresent()) {
      return handover.failed(draft, hold.get(), changes, refused);
    }
    stager.discard(draft.id(), changes);
    return refused;
  }

  /**
   * As {@link #sendBack}, where callers were held, and are once more. The new ones are gone then.
   */
  private SentBackException handBack(
      Draft draft,
      Hold hold,
      List<Change> changes,
      List<LiveGeneration> leaving,
      Throwable reason) {
    SwapRefusedException refused = handover.handBack(draft, hold, changes, reason);
    List<LiveGeneration> beside = new ArrayList<>(leaving);
    for (Change change : changes) {
      if (!change.isHeld()) {
        change.old().ifPresent(beside::add);
      }
    }
    world.publish(List.of(), beside);
    List<Receipt.Change> told = new ArrayList<>();
    for (Change change : changes) {
      Optional<LiveGeneration> back = ledger.current(change.plugin());
      tell(draft.id(), change, Optional.of(change.next()), back);
      told.add(change.sentBack(back.map(LiveGeneration::generation)));
    }
    return new SentBackException(List.of(), told, refused);
  }

  private void probe(long swap, Change change) {
    if (change.mustOffer()) {
      change.answers(probe.ask(change.next(), change.needed(), change.subject()));
      String proof = change.told().answeredBy().orElseThrow();
      ledger.tell(at -> new SwapEvent.Answered(swap, at, change.next().generation(), proof));
    }
  }

  private SentBackException sendBack(
      long swap, List<Change> changes, List<LiveGeneration> leaving, Throwable reason) {
    List<LiveGeneration> olds = new ArrayList<>(leaving);
    List<LiveGeneration> nexts = new ArrayList<>();
    for (Change change : changes) {
      change.old().ifPresent(olds::add);
      nexts.add(change.next());
    }
    world.publish(nexts, olds);
    changes.forEach(change -> tell(swap, change, Optional.of(change.next()), change.old()));
    nexts.forEach(LiveGeneration::close);
    List<Receipt.Change> told = new ArrayList<>();
    for (Change change : changes) {
      told.add(change.sentBack(change.old().map(LiveGeneration::generation)));
    }
    return new SentBackException(nexts, told, reason);
  }

  private void tell(
      long swap, Change change, Optional<LiveGeneration> from, Optional<LiveGeneration> to) {
    ledger.tell(
        at ->
            new SwapEvent.Published(
                swap,
                at,
                change.plugin(),
                from.map(LiveGeneration::generation),
                to.map(LiveGeneration::generation)));
  }

  private void tellGone(long swap, LiveGeneration gone) {
    Generation from = gone.generation();
    ledger.tell(
        at ->
            new SwapEvent.Published(swap, at, from.plugin(), Optional.of(from), Optional.empty()));
  }

  /** The new generations had callers before they were sent back. */
  static final class SentBackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<LiveGeneration> leaving;
    private final transient List<Receipt.Change> told;

    SentBackException(List<LiveGeneration> leaving, List<Receipt.Change> told, Throwable reason) {
      super(null, reason, false, false);
      this.leaving = leaving;
      this.told = told;
    }

    /** The way back, for the receipt. */
    List<Receipt.Change> told() {
      return told;
    }

    List<LiveGeneration> leaving() {
      return leaving;
    }
  }
}
