package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
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
   * @param leaving what goes with the same write, and nothing takes its place
   * @throws SwapRefusedException when one of them offers too little by now; all are discarded then
   * @throws SentBackException when calls are not answered by them; they have had callers and must
   *     drain
   */
  void publish(Draft draft, List<Change> changes, List<LiveGeneration> leaving) {
    long swap = draft.id();
    draft.step(Draft.Step.PUBLISH);
    List<Change> alone = new ArrayList<>(changes);
    alone.removeIf(change -> !change.isOneAfterTheOther());
    long held = handOver(draft, changes, alone);
    Optional<Change> incomplete = world.tryPublish(changes, leaving);
    if (incomplete.isPresent()) {
      Refusal refusal = stager.noOffer(incomplete.get());
      stager.discard(swap, changes);
      handover.back(draft, alone);
      throw new SwapRefusedException(refusal);
    }
    if (!alone.isEmpty()) {
      draft.held(Retirer.since(held));
    }
    changes.forEach(change -> tell(swap, change, change.old(), Optional.of(change.next())));
    leaving.forEach(gone -> tellGone(swap, gone));
    draft.step(Draft.Step.PROBE);
    try {
      for (Change change : changes) {
        probe(swap, change);
      }
      // the old ones are closed only now, so that a failed probe can go back to them
      changes.forEach(change -> change.old().ifPresent(LiveGeneration::close));
      leaving.forEach(LiveGeneration::close);
    } catch (RuntimeException | Error e) {
      throw alone.isEmpty()
          ? sendBack(swap, changes, leaving, e)
          : handBack(draft, changes, leaving, alone, e);
    }
  }

  /** Callers of what cannot run twice are held from the time that this answers to the publish. */
  private long handOver(Draft draft, List<Change> changes, List<Change> alone) {
    long held = System.nanoTime();
    if (alone.isEmpty()) {
      return held;
    }
    try {
      handover.run(draft, alone);
      draft.step(Draft.Step.PUBLISH);
      return held;
    } catch (RuntimeException | Error e) {
      draft.held(Retirer.since(held));
      List<Change> beside = new ArrayList<>(changes);
      beside.removeAll(alone);
      stager.discard(draft.id(), beside);
      throw e;
    }
  }

  /** As {@link #sendBack}, where the old ones are stopped: callers are held once more. */
  private RuntimeException handBack(
      Draft draft,
      List<Change> changes,
      List<LiveGeneration> leaving,
      List<Change> alone,
      Throwable reason) {
    long swap = draft.id();
    List<LiveGeneration> beside = new ArrayList<>(leaving);
    List<LiveGeneration> nexts = new ArrayList<>();
    for (Change change : changes) {
      nexts.add(change.next());
      if (!alone.contains(change)) {
        change.old().ifPresent(beside::add);
      }
    }
    world.hold(nexts);
    stager.discard(swap, changes);
    handover.back(draft, alone);
    world.publish(List.of(), beside);
    changes.forEach(change -> tell(swap, change, Optional.of(change.next()), change.old()));
    return reason instanceof RuntimeException known ? known : new IllegalStateException(reason);
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
    return new SentBackException(nexts, changes.stream().map(Change::sentBack).toList(), reason);
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
