package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Step;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Undoes the last swap of a plugin, with whatever was swapped together with it: from standby where
 * all of it stands by, else by a swap of the old bytes. Used in turn.
 */
final class Rollback {
  private final Stager stager;
  private final Publisher publisher;
  private final Ledger ledger;
  private final Departures departures;
  private final Optional<Standby> standby;

  /**
   * @param standby empty where nothing stands by
   */
  Rollback(
      Stager stager,
      Publisher publisher,
      Ledger ledger,
      Departures departures,
      Optional<Standby> standby) {
    this.stager = stager;
    this.publisher = publisher;
    this.ledger = ledger;
    this.departures = departures;
    this.standby = standby;
  }

  /**
   * @throws SwapRefusedException when there is no way back, or it fails; then what was current
   *     still is
   */
  Swap run(Draft draft, String plugin) {
    draft.step(Step.PLAN);
    Pasts.Past past = undoable(plugin);
    List<Generation> olds = new ArrayList<>();
    List<LiveGeneration> unwanted = new ArrayList<>(); // what was new with that swap
    for (Pasts.Part part : past.parts()) {
      part.before()
          .ifPresentOrElse(
              olds::add, () -> unwanted.add(ledger.current(part.plugin()).orElseThrow()));
    }
    List<Change> changes = stage(draft, plugin, olds, unwanted).changes();
    Entry undone = undone(List.of(past), changes, unwanted);
    ledger.keepingBytes(
        changes,
        () -> {
          publisher.publish(draft, departures.usual(), changes, unwanted, Optional.of(undone));
          return true;
        });
    Receipt receipt = draft.done(Receipt.Outcome.ROLLED_BACK, changes, unwanted);
    return departures.begin(receipt, Departure.leaving(changes, unwanted));
  }

  static Entry undone(List<Pasts.Past> pasts, List<Change> changes, List<LiveGeneration> unwanted) {
    return new Entry.Undone(
        pasts,
        changes.stream().map(change -> change.next().generation()).toList(),
        unwanted.stream().map(LiveGeneration::generation).toList());
  }

  private Stager.Ready stage(
      Draft draft, String plugin, List<Generation> olds, List<LiveGeneration> unwanted) {
    List<Jar> jars = olds.stream().map(old -> bytes(plugin, old)).toList();
    Optional<List<LiveGeneration>> standing =
        stager.isEnough(jars, unwanted)
            ? standby.flatMap(place -> place.tryTake(olds))
            : Optional.empty();
    if (standing.isPresent()) {
      return stager.restart(draft, standing.get());
    }
    jars.forEach(ledger::tryAgain); // the journal keeps them
    return stager.stage(draft, new Stager.Wish(jars, unwanted, false));
  }

  private Jar bytes(String plugin, Generation old) {
    return ledger
        .bytes(old)
        .orElseThrow(
            () -> {
              Generation stands = ledger.current(plugin).orElseThrow().generation();
              return noWayBack(stands, "the bytes of " + old + " are gone");
            });
  }

  /** The last swap of the plugin, if all that it published is still current. */
  private Pasts.Past undoable(String plugin) {
    LiveGeneration current =
        ledger
            .current(plugin)
            .orElseThrow(() -> new SwapRefusedException(new Refusal.UnknownPlugin(plugin)));
    Generation stands = current.generation();
    Pasts.Past past =
        ledger.last(plugin).orElseThrow(() -> noWayBack(stands, "no generation before it is kept"));
    for (Pasts.Part part : past.parts()) {
      Optional<LiveGeneration> now = ledger.current(part.plugin());
      if (now.map(LiveGeneration::generation).filter(part.after()::equals).isEmpty()) {
        throw noWayBack(
            stands, part.plugin() + ", which was swapped together with it, has been changed since");
      }
    }
    if (past.parts().stream().allMatch(part -> part.before().isEmpty())) {
      throw noWayBack(stands, "it was new with its last swap; unload takes it away");
    }
    return past;
  }

  private static SwapRefusedException noWayBack(Generation stands, String reason) {
    return new SwapRefusedException(
        new Refusal.NoWayBack(stands.plugin(), reason, Optional.of(stands)));
  }
}
