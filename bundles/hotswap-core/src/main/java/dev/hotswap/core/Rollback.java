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
    List<History.Replaced> olds = new ArrayList<>();
    List<LiveGeneration> unwanted = new ArrayList<>(); // what was new with that swap
    for (History.Part part : past.parts()) {
      part.before()
          .ifPresentOrElse(
              olds::add, () -> unwanted.add(ledger.current(part.plugin()).orElseThrow()));
    }
    Stager.Ready ready = stage(draft, plugin, olds, unwanted);
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

  private Stager.Ready stage(
      Draft draft, String plugin, List<History.Replaced> olds, List<LiveGeneration> unwanted) {
    List<Jar> jars = olds.stream().map(History.Replaced::bytes).toList();
    List<Generation> names = olds.stream().map(History.Replaced::generation).toList();
    Optional<List<LiveGeneration>> standing =
        stager.isEnough(jars, unwanted)
            ? standby.flatMap(place -> place.tryTake(names))
            : Optional.empty();
    if (standing.isPresent()) {
      return stager.restart(draft, standing.get());
    }
    retain(plugin, olds);
    return stager.stage(draft, new Stager.Wish(jars, unwanted, false));
  }

  private void retain(String plugin, List<History.Replaced> olds) {
    for (History.Replaced old : olds) {
      if (!old.kept()) {
        Generation stands = ledger.current(plugin).orElseThrow().generation();
        throw noWayBack(stands, "the bytes of " + old.generation() + " are gone");
      }
    }
    olds.forEach(old -> ledger.tryAgain(old.bytes())); // the history keeps them
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
