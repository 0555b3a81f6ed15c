package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Undoes a swap while its old generations drain: they are published again, and what the swap had
 * published leaves instead. Used in turn, by one thread at a time.
 */
final class Reversal {
  /** What has drained may still be there, as long as another of its set has not. */
  private static final Set<Stage> LEAVING = Set.of(Stage.DRAINING, Stage.DRAINED);

  private static final String ONE_HAS_LEFT = "an old generation of the swap has drained and left";

  private final World world;
  private final Ledger ledger;

  Reversal(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /**
   * @param plugin whose drain it is about, for the refusal
   * @return the departure of what leaves instead
   * @throws SwapRefusedException when the swap cannot be undone in this way, by {@link
   *     Refusal.NoWayBack}, or that cannot be recorded; nothing has changed
   */
  Departure reverse(Departure departure, String plugin) {
    Departure.Undo undo =
        departure.undo().orElseThrow(() -> no(plugin, "only a swap of files is reversed"));
    undo.changes().forEach(change -> requireReversible(plugin, change));
    if (departure.isBroken()) {
      throw no(plugin, ONE_HAS_LEFT);
    }
    for (Change change : undo.changes()) {
      change.old().ifPresent(old -> requireOffers(plugin, old, change.next()));
    }
    Journal.Commit commit = commit(undo, plugin);
    if (!departure.tryReverse()) {
      ledger.takeBack(commit);
      throw no(plugin, ONE_HAS_LEFT);
    }
    List<LiveGeneration> nexts = publishAgain(departure.swap(), undo.changes());
    departure.running().ifPresent(swap -> swap.reversed(nexts.size()));
    return new Departure(
        departure.swap(), nexts, departure.terms(), departure.running(), Optional.empty());
  }

  private Journal.Commit commit(Departure.Undo undo, String plugin) {
    List<Generation> back = new ArrayList<>();
    List<Generation> gone = new ArrayList<>();
    for (Change change : undo.changes()) {
      change
          .old()
          .map(LiveGeneration::generation)
          .ifPresentOrElse(back::add, () -> gone.add(change.next().generation()));
    }
    Optional<Generation> stands = ledger.current(plugin).map(LiveGeneration::generation);
    return ledger.commit(
        new Entry.Undone(List.of(undo.past()), back, gone, Optional.empty()),
        new Subject(plugin, stands),
        back);
  }

  private void requireReversible(String plugin, Change change) {
    LiveGeneration next = change.next();
    if (change.isOneAfterTheOther()) {
      throw no(
          plugin, change.plugin() + " was swapped one after the other: what it was is stopped");
    }
    if (change.handsStateOver()) {
      throw no(plugin, change.plugin() + " has handed its state over");
    }
    if (ledger.current(change.plugin()).filter(next::equals).isEmpty()) {
      throw no(plugin, change.plugin() + " has been changed since " + next + " was published");
    }
  }

  /** Its bundle may have been stopped by somebody else meanwhile. */
  private void requireOffers(String plugin, LiveGeneration old, LiveGeneration next) {
    boolean answers = old.contracts().containsAll(world.answeredBy(next));
    if (!LEAVING.contains(old.stage()) || !answers) {
      throw no(plugin, old + " no longer offers what callers get from " + next);
    }
  }

  /** In one write. Answers what leaves, dependents first. */
  private List<LiveGeneration> publishAgain(long swap, List<Change> changes) {
    List<LiveGeneration> nexts = new ArrayList<>();
    List<LiveGeneration> olds = new ArrayList<>();
    for (Change change : changes) {
      nexts.add(0, change.next());
      change.old().ifPresent(olds::add);
    }
    olds.forEach(world::reopen);
    world.publish(nexts, olds);
    changes.forEach(change -> tell(swap, change));
    nexts.forEach(LiveGeneration::close);
    return nexts;
  }

  private void tell(long swap, Change change) {
    Generation from = change.next().generation();
    Optional<Generation> to = change.old().map(LiveGeneration::generation);
    ledger.tell(at -> new SwapEvent.Published(swap, at, change.plugin(), Optional.of(from), to));
    to.ifPresent(old -> ledger.tell(at -> new SwapEvent.Reversed(swap, at, from, old)));
  }

  private SwapRefusedException no(String plugin, String reason) {
    Optional<Generation> stands = ledger.current(plugin).map(LiveGeneration::generation);
    return new SwapRefusedException(new Refusal.NoWayBack(plugin, reason, stands));
  }
}
