package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Stages and publishes what a journal names. Before that the journal says which generations are
 * about to be started, and with the next entry that their start has come to an end: so the host
 * that opens after this process has died knows in which start it did. Used in turn.
 */
final class BringUp {
  private static final Asked ASKED = new Asked("host", "restart");

  private final Stager stager;
  private final Publisher publisher;
  private final Ledger ledger;
  private final Departures departures;
  private List<Generation> starting = List.of();

  BringUp(Stager stager, Publisher publisher, Ledger ledger, Departures departures) {
    this.stager = stager;
    this.publisher = publisher;
    this.ledger = ledger;
    this.departures = departures;
  }

  /**
   * Brings up generations that are recorded as current, under their numbers.
   *
   * @throws SwapRefusedException when they do not come up; nothing is left of them
   */
  void again(List<Generation> recorded) {
    Draft draft = ledger.receipts().draft(Receipt.Verb.SWAP, ASKED).steadfast();
    List<Jar> jars = bytes(recorded);
    starting(recorded);
    recorded.forEach(ledger::recall);
    List<Change> changes =
        published(draft, new Planning.Wish(jars, List.of(), false), none -> Optional.empty());
    departures.begin(draft.done(Receipt.Outcome.SWAPPED, changes, List.of()), List.of());
  }

  /**
   * Brings up generations that were replaced, under new numbers.
   *
   * @param undone the swaps that are undone by that, newest first
   * @return what is current of the plugin now
   * @throws SwapRefusedException when they do not come up; what is current still is
   */
  Generation back(String plugin, List<Pasts.Past> undone) {
    Map<String, Optional<Generation>> before = Pasts.before(undone);
    List<Generation> olds = before.values().stream().flatMap(Optional::stream).toList();
    List<LiveGeneration> unwanted = new ArrayList<>();
    before.forEach(
        (name, old) -> {
          if (old.isEmpty()) {
            ledger.current(name).ifPresent(unwanted::add);
          }
        });
    Draft draft = ledger.receipts().draft(Receipt.Verb.ROLLBACK, ASKED).steadfast();
    List<Jar> jars = bytes(olds);
    Rollback.tell(ledger, draft, plugin, undone);
    starting(olds);
    List<Change> changes =
        published(
            draft,
            new Planning.Wish(jars, unwanted, false),
            staged ->
                Optional.of(
                    Rollback.undone(
                        draft, undone, staged, Rollback.same(ledger, olds, staged), unwanted)));
    Receipt receipt = draft.done(Receipt.Outcome.ROLLED_BACK, changes, unwanted);
    departures.begin(receipt, Departure.leaving(changes, unwanted));
    return receipt.change(plugin).flatMap(Receipt.Change::to).orElseThrow();
  }

  private List<Jar> bytes(List<Generation> generations) {
    List<Jar> jars = new ArrayList<>();
    for (Generation generation : generations) {
      jars.add(ledger.bytes(generation).orElseThrow(() -> gone(generation)));
    }
    return jars;
  }

  private static SwapRefusedException gone(Generation generation) {
    String what = generation.plugin() + " " + generation.version();
    return new SwapRefusedException(
        new Refusal.Failed(what, "the bytes of " + generation + " are gone or damaged"));
  }

  private List<Change> published(
      Draft draft, Planning.Wish wish, Function<List<Change>, Optional<Entry>> entry) {
    wish.jars().forEach(ledger::tryAgain); // the journal keeps them
    try {
      List<Change> changes = stager.stage(draft, wish).changes();
      Optional<Journal.Prepared> prepared = entry.apply(changes).map(ledger::prepare);
      publisher.publish(draft, departures.usual(), changes, wish.leaving(), prepared);
      return changes;
    } catch (Publisher.SentBackException e) {
      Refusal refusal = refusal(wish, e.getCause());
      departures.begin(draft.refused(refusal, e.told()), e.leaving());
      throw new SwapRefusedException(refusal);
    } catch (SwapRefusedException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new SwapRefusedException(refusal(wish, e));
    }
  }

  private static Refusal refusal(Planning.Wish wish, Throwable thrown) {
    return thrown instanceof SwapRefusedException refused
        ? refused.refusal()
        : new Refusal.Failed(wish.jars().get(0).label(), Thrown.asText(thrown));
  }

  private void starting(List<Generation> next) {
    ledger.note(new Entry.Starting(next, starting));
    starting = next;
  }

  /** The last start has come to an end. */
  void ended() {
    if (!starting.isEmpty()) {
      starting(List.of());
    }
  }

  /** Tells that a plugin did not come up as it was recorded. */
  void tellFallBack(Generation from, Optional<Generation> to, Refusal refusal) {
    Draft draft = ledger.receipts().draft(Receipt.Verb.SWAP, ASKED);
    ledger.receipts().keep(draft.refused(refusal, List.of()), 0);
    ledger.tell(at -> new SwapEvent.Refused(draft.id(), at, refusal));
    ledger.tell(at -> new SwapEvent.FellBack(draft.id(), at, from, to, refusal.why()));
  }
}
