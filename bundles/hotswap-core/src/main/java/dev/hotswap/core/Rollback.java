package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Step;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Undoes the last swap of a plugin, or the last ones, with whatever was swapped together with it:
 * from standby where all of it stands by, else by a swap of the old bytes. Used in turn.
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
   * How it is gone about.
   *
   * @param terms of the drains
   * @param inPlace whether one after the other is asked for
   */
  record Manner(Departure.Terms terms, boolean inPlace) {}

  /**
   * @throws SwapRefusedException when there is no way back, or it fails; then what was current
   *     still is
   */
  Swap run(Draft draft, Manner manner, String plugin) {
    draft.step(Step.PLAN);
    Generation stands = stands(plugin);
    Retreat retreat = retreat(plugin);
    Optional<String> obstacle = retreat.further();
    if (obstacle.isPresent()) {
      throw noWayBack(stands, obstacle.get());
    }
    return run(draft, manner, plugin, retreat.undone());
  }

  /**
   * As {@link #run(Draft, Manner, String)}, over as many swaps as it takes.
   *
   * @param number of an earlier generation
   */
  Swap run(Draft draft, Manner manner, String plugin, long number) {
    draft.step(Step.PLAN);
    Generation stands = stands(plugin);
    Retreat retreat = retreat(plugin);
    Optional<String> obstacle;
    do {
      obstacle = retreat.further();
    } while (obstacle.isEmpty() && retreat.at().filter(old -> old.number() != number).isPresent());
    if (obstacle.isPresent() || retreat.at().isEmpty()) {
      String reason = "there is no way back to generation " + number;
      throw noWayBack(stands, reason + obstacle.map(why -> ": " + why).orElse(""), wayBack(plugin));
    }
    return run(draft, manner, plugin, retreat.undone());
  }

  /** As {@link dev.hotswap.api.Swapper#wayBack}. */
  List<Generation> wayBack(String plugin) {
    return ledger.current(plugin).isEmpty() ? List.of() : retreat(plugin).all();
  }

  private Retreat retreat(String plugin) {
    return new Retreat(
        ledger.deployment().pasts(),
        name -> ledger.current(name).map(LiveGeneration::generation),
        plugin);
  }

  private Generation stands(String plugin) {
    return ledger
        .current(plugin)
        .map(LiveGeneration::generation)
        .orElseThrow(() -> new SwapRefusedException(new Refusal.UnknownPlugin(plugin)));
  }

  private Swap run(Draft draft, Manner manner, String plugin, List<Pasts.Past> pasts) {
    List<Generation> olds = new ArrayList<>();
    List<LiveGeneration> unwanted = new ArrayList<>(); // what was new with those swaps
    Pasts.before(pasts)
        .forEach(
            (name, before) ->
                before.ifPresentOrElse(
                    olds::add, () -> unwanted.add(ledger.current(name).orElseThrow())));
    List<Jar> jars = olds.stream().map(old -> bytes(plugin, old)).toList();
    tell(ledger, draft, plugin, pasts);
    Planning.Wish wish = new Planning.Wish(jars, unwanted, manner.inPlace());
    List<Change> changes = stage(draft, wish, olds).changes();
    List<Generation> same = same(ledger, olds, changes);
    if (changes.isEmpty() && unwanted.isEmpty()) {
      return departures.begin(draft.unchanged(same), List.of());
    }
    Journal.Prepared undone = ledger.prepare(undone(draft, pasts, changes, same, unwanted));
    ledger.keepingBytes(
        changes,
        () -> {
          publisher.publish(draft, manner.terms(), changes, unwanted, Optional.of(undone));
          return true;
        });
    same.forEach(
        kept ->
            ledger
                .current(kept.plugin())
                .ifPresent(live -> live.asked(Optional.of(draft.asked()))));
    Receipt receipt = draft.done(Receipt.Outcome.ROLLED_BACK, changes, unwanted);
    return departures.begin(
        receipt, Departure.leaving(changes, unwanted), manner.terms(), Optional.empty());
  }

  /** Those who keep something beside the plugins get the time to go back with them. */
  static void tell(Ledger ledger, Draft draft, String plugin, List<Pasts.Past> pasts) {
    List<Generation> undone = new ArrayList<>();
    pasts.forEach(past -> past.parts().forEach(part -> undone.add(part.after())));
    List<Generation> back =
        Pasts.before(pasts).values().stream().flatMap(Optional::stream).toList();
    ledger.tell(at -> new SwapEvent.RollingBack(draft.id(), at, plugin, undone, back));
  }

  /** What has come to the bytes that it goes back to already, and so stays. */
  static List<Generation> same(Ledger ledger, List<Generation> olds, List<Change> changes) {
    Set<String> changed = changes.stream().map(Change::plugin).collect(Collectors.toSet());
    return olds.stream()
        .map(Generation::plugin)
        .filter(name -> !changed.contains(name))
        .map(name -> ledger.current(name).orElseThrow().generation())
        .toList();
  }

  /**
   * @param same what stays in place of something that it goes back to
   */
  static Entry undone(
      Draft draft,
      List<Pasts.Past> pasts,
      List<Change> changes,
      List<Generation> same,
      List<LiveGeneration> unwanted) {
    List<Generation> back = new ArrayList<>();
    changes.forEach(change -> back.add(change.next().generation()));
    back.addAll(same);
    return new Entry.Undone(
        pasts,
        back,
        unwanted.stream().map(LiveGeneration::generation).toList(),
        Optional.of(draft.asked()));
  }

  private Stager.Ready stage(Draft draft, Planning.Wish wish, List<Generation> olds) {
    Optional<List<LiveGeneration>> standing =
        stager.isEnough(wish.jars(), wish.leaving())
            ? standby.flatMap(place -> place.tryTake(olds))
            : Optional.empty();
    if (standing.isPresent()) {
      return stager.restart(draft, standing.get(), wish.inPlace());
    }
    wish.jars().forEach(ledger::tryAgain); // the journal keeps them
    return stager.stage(draft, wish);
  }

  private Jar bytes(String plugin, Generation old) {
    return ledger
        .bytes(old)
        .orElseThrow(() -> noWayBack(stands(plugin), "the bytes of " + old + " are gone"));
  }

  private static SwapRefusedException noWayBack(Generation stands, String reason) {
    return noWayBack(stands, reason, List.of());
  }

  private static SwapRefusedException noWayBack(
      Generation stands, String reason, List<Generation> wayBack) {
    return new SwapRefusedException(
        new Refusal.NoWayBack(stands.plugin(), reason, Optional.of(stands), wayBack));
  }
}
