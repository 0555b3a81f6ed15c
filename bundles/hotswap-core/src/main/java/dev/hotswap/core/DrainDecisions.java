package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What becomes of drains: by an operator's word, or at their deadline. Thread-safe. */
final class DrainDecisions {
  private final Turns turns;
  private final Ledger ledger;
  private final Departures departures;
  private final Reversal reversal;
  private final Rollback rollback;

  DrainDecisions(
      Turns turns, Ledger ledger, Departures departures, Reversal reversal, Rollback rollback) {
    this.turns = turns;
    this.ledger = ledger;
    this.departures = departures;
    this.reversal = reversal;
    this.rollback = rollback;
  }

  /**
   * @return the draining generations of the plugin that it was about
   * @throws SwapRefusedException when there is no such plugin, or the swap cannot be reversed
   */
  List<Generation> decide(String plugin, DeadlinePolicy policy) {
    if (ledger.all().stream().noneMatch(live -> live.generation().plugin().equals(plugin))) {
      throw turns.refused(ledger.receipts().decision(0), new Refusal.UnknownPlugin(plugin));
    }
    List<Departure> draining = departures.of(plugin);
    if (draining.isEmpty()) {
      return List.of();
    }
    return policy == DeadlinePolicy.REVERSE
        ? reverse(draining.get(draining.size() - 1), plugin)
        : departures.decide(draining, plugin, policy);
  }

  private List<Generation> reverse(Departure departure, String plugin) {
    if (departure.isHeld()) {
      return giveUp(departure, plugin); // its swap has the turn, and goes back by itself
    }
    Optional<LiveGeneration> back = Departures.waiting(departure, plugin);
    goBack(departure, plugin, () -> false);
    return back.map(LiveGeneration::generation).stream().toList();
  }

  private static List<Generation> giveUp(Departure departure, String plugin) {
    Optional<LiveGeneration> old = Departures.waiting(departure, plugin);
    return departure.tryReverse()
        ? old.map(LiveGeneration::generation).stream().toList()
        : List.of();
  }

  /**
   * Unless they have drained while it waited for the turn; a refusal is told, and the drains go on.
   */
  void reverseOverdue(Departure departure, List<LiveGeneration> stuck) {
    if (stuck.isEmpty()) {
      return;
    }
    try {
      goBack(
          departure,
          stuck.get(0).generation().plugin(),
          () -> stuck.stream().allMatch(LiveGeneration::isDrained));
    } catch (SwapRefusedException e) {
      return; // the event has told it
    }
  }

  /**
   * What the swap replaced is published again; where that is not possible any more, a rollback
   * undoes the swap, if it is still the last one.
   *
   * @param moot whether nobody wants that any more, asked in turn
   */
  private void goBack(Departure departure, String plugin, BooleanSupplier moot) {
    Optional<Refusal> hindrance =
        turns.take(
            plugin,
            ledger.receipts().decision(departure.swap()),
            () -> moot.getAsBoolean() ? Optional.empty() : hindrance(departure, plugin));
    hindrance.ifPresent(reason -> rollBack(departure, plugin, reason));
  }

  /** Why it was not reversed, where a rollback does instead. */
  private Optional<Refusal> hindrance(Departure departure, String plugin) {
    try {
      departures.begin(reversal.reverse(departure, plugin));
      return Optional.empty();
    } catch (SwapRefusedException e) {
      if (e.refusal() instanceof Refusal.NoWayBack && isLast(departure, plugin)) {
        return Optional.of(e.refusal());
      }
      throw e;
    }
  }

  private boolean isLast(Departure departure, String plugin) {
    Optional<Pasts.Past> past = departure.undo().map(Departure.Undo::past);
    return past.isPresent() && ledger.last(plugin).equals(past);
  }

  private void rollBack(Departure departure, String plugin, Refusal reason) {
    Asked asked =
        Asked.because("swap " + departure.swap() + " was to be reversed, but " + reason.why());
    Draft draft = ledger.receipts().draft(Receipt.Verb.ROLLBACK, asked);
    turns.take(
        plugin,
        draft,
        () -> {
          if (!isLast(departure, plugin)) {
            throw new SwapRefusedException(reason); // somebody has swapped it meanwhile
          }
          return rollback.run(draft, plugin);
        });
  }
}
