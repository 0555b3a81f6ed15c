package dev.hotswap.core;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.util.List;
import java.util.Optional;

/** What becomes of drains: by an operator's word, or at their deadline. Thread-safe. */
final class DrainDecisions {
  private final Turns turns;
  private final Ledger ledger;
  private final Departures departures;
  private final Reversal reversal;

  DrainDecisions(Turns turns, Ledger ledger, Departures departures, Reversal reversal) {
    this.turns = turns;
    this.ledger = ledger;
    this.departures = departures;
    this.reversal = reversal;
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
    return turns.take(
        plugin,
        ledger.receipts().decision(departure.swap()),
        () -> {
          Optional<LiveGeneration> back = Departures.waiting(departure, plugin);
          departures.begin(reversal.reverse(departure, plugin));
          return back.map(LiveGeneration::generation).stream().toList();
        });
  }

  private static List<Generation> giveUp(Departure departure, String plugin) {
    Optional<LiveGeneration> old = Departures.waiting(departure, plugin);
    return departure.tryReverse()
        ? old.map(LiveGeneration::generation).stream().toList()
        : List.of();
  }

  /**
   * Unless it has drained while it waited for the turn; a refusal is told, and the drain goes on.
   */
  void reverseOverdue(Departure departure, LiveGeneration old) {
    String plugin = old.generation().plugin();
    try {
      turns.take(
          plugin,
          ledger.receipts().decision(departure.swap()),
          () -> {
            if (!old.isDrained()) {
              departures.begin(reversal.reverse(departure, plugin));
            }
            return true;
          });
    } catch (SwapRefusedException e) {
      return; // the event has told it
    }
  }
}
