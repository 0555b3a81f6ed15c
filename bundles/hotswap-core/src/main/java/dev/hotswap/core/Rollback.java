package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
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
  private final History history;
  private final Departures departures;
  private final Optional<Standby> standby;

  /**
   * @param standby empty where nothing stands by
   */
  Rollback(
      Stager stager,
      Publisher publisher,
      Ledger ledger,
      History history,
      Departures departures,
      Optional<Standby> standby) {
    this.stager = stager;
    this.publisher = publisher;
    this.ledger = ledger;
    this.history = history;
    this.departures = departures;
    this.standby = standby;
  }

  /**
   * @throws SwapRefusedException when there is no way back, or it fails; then what was current
   *     still is
   */
  Swap run(Draft draft, String plugin) {
    draft.step(Draft.Step.PLAN);
    History.Past past = undoable(plugin);
    List<History.Part> back = new ArrayList<>();
    List<LiveGeneration> olds = new ArrayList<>();
    List<LiveGeneration> unwanted = new ArrayList<>(); // what was new with that swap
    for (History.Part part : past.parts()) {
      part.before().ifPresentOrElse(olds::add, () -> unwanted.add(part.after()));
      part.before().ifPresent(before -> back.add(part));
    }
    // a bundle that somebody has updated is not what was swapped in: the store has that
    boolean stand =
        olds.stream().noneMatch(LiveGeneration::isUpdated)
            && stager.isEnough(olds, unwanted)
            && standby.filter(place -> place.tryTake(olds)).isPresent();
    Stager.Ready ready =
        stand
            ? stager.restart(draft, back)
            : stager.stage(draft, new Stager.Wish(bytes(olds), unwanted, false));
    List<Change> changes = ready.changes();
    ledger.keepingBytes(
        changes,
        () -> {
          publisher.publish(draft, departures.usual(), changes, unwanted);
          return true;
        });
    history.undone(past, changes);
    Receipt receipt = draft.done(Receipt.Outcome.ROLLED_BACK, changes, unwanted);
    return departures.begin(receipt, Departure.leaving(changes, unwanted));
  }

  private List<Jar> bytes(List<LiveGeneration> olds) {
    return olds.stream().map(ledger::again).toList();
  }

  /** The last swap of the plugin, if all that it published is still current. */
  private History.Past undoable(String plugin) {
    LiveGeneration current =
        ledger
            .current(plugin)
            .orElseThrow(() -> new SwapRefusedException(new Refusal.UnknownPlugin(plugin)));
    Generation stands = current.generation();
    History.Past past =
        history
            .last(plugin)
            .orElseThrow(() -> noWayBack(stands, "no generation before it is kept"));
    for (History.Part part : past.parts()) {
      if (ledger.current(part.plugin()).filter(part.after()::equals).isEmpty()) {
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
