package dev.hotswap.core;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Has work on plugins done in turn, and refuses what cannot be done: whatever is thrown by work in
 * turn becomes a refusal with a receipt and an event. Thread-safe.
 */
final class Turns {
  private final Turn turn = new Turn();
  private final ForeignCode foreign;
  private final Ledger ledger;
  private final Departures departures;

  Turns(ForeignCode foreign, Ledger ledger, Departures departures) {
    this.foreign = foreign;
    this.ledger = ledger;
    this.departures = departures;
  }

  /**
   * Waits for the turn, and does the work in it.
   *
   * @param what the work is about, for a refusal
   * @throws SwapRefusedException when there is no turn, or the work throws
   */
  <T> T take(String what, Draft draft, Supplier<T> work) {
    Thread asker = Thread.currentThread();
    if (turn.isHeldBy(asker) || foreign.isRunBy(asker)) {
      throw refused(
          draft,
          new Refusal.Failed(what, "it was asked for by a listener or plugin of a swap under way"));
    }
    Optional<Refusal> none = turn.begin(what);
    if (none.isPresent()) {
      throw refused(draft, none.get());
    }
    List<LiveGeneration> before = current();
    try {
      return work.get();
    } catch (Publisher.SentBackException e) {
      String back = "callers met it for a moment, and what it replaces is current again";
      throw sentBack(draft, refusal(what, e.getCause(), back), e);
    } catch (Places.FullException e) {
      throw e; // not refused yet
    } catch (RuntimeException | Error e) {
      throw refused(draft, refusal(what, e, state(before)));
    } finally {
      turn.end();
    }
  }

  /**
   * Tries in turn; without places it waits for them outside the turn, and tries again.
   *
   * @param limit how long to wait for places
   * @param work given whom to ask about the plan before anything is done
   * @throws SwapRefusedException as {@link #take}, or when there is no place in time
   */
  <T> T takeWithPlaces(
      Duration limit, String what, Draft draft, Function<Consumer<SetPlan>, T> work) {
    Places places = ledger.places();
    Places.Wish wish = new Places.Wish();
    long begun = System.nanoTime();
    try {
      while (true) {
        try {
          return take(what, draft, () -> work.apply(plan -> places.require(wish, plan)));
        } catch (Places.FullException full) {
          draft.step(Step.PLACE);
          if (!places.await(wish, limit.minus(Retirer.since(begun)))) {
            throw refused(draft, places.refusal(wish, Retirer.since(begun)));
          }
          draft.step(Step.TURN);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(
          draft, new Refusal.Failed(what, "interrupted while waiting for a generation to leave"));
    } finally {
      places.end(wish);
    }
  }

  /** Tells and records a refusal; to be thrown. */
  SwapRefusedException refused(Draft draft, Refusal refusal) {
    Optional<Receipt> receipt =
        draft.isKept() ? Optional.of(draft.refused(refusal, List.of())) : Optional.empty();
    receipt.ifPresent(whole -> ledger.receipts().keep(whole, 0));
    ledger.tell(at -> new SwapEvent.Refused(draft.id(), at, refusal));
    return new SwapRefusedException(refusal, receipt);
  }

  /** The new generations had callers: they are seen off as old ones are. */
  private SwapRefusedException sentBack(
      Draft draft, Refusal refusal, Publisher.SentBackException back) {
    Receipt receipt = draft.refused(refusal, back.told());
    departures.begin(receipt, back.leaving());
    ledger.tell(at -> new SwapEvent.Refused(draft.id(), at, refusal));
    return new SwapRefusedException(refusal, Optional.of(receipt));
  }

  /** On the way to a publish, in code that is seldom warm: hence no streams. */
  private List<LiveGeneration> current() {
    List<LiveGeneration> current = new ArrayList<>();
    for (LiveGeneration each : ledger.all()) {
      if (each.isCurrent()) {
        current.add(each);
      }
    }
    return current;
  }

  private String state(List<LiveGeneration> before) {
    return current().equals(before)
        ? "nothing has changed"
        : "what is current has changed meanwhile, see snapshot()";
  }

  private static Refusal refusal(String what, Throwable thrown, String state) {
    return thrown instanceof SwapRefusedException refused
        ? refused.refusal()
        : new Refusal.Failed(what, Thrown.asText(thrown), state);
  }

  /** Whether no turn is given any more. */
  boolean isClosing() {
    return turn.isClosing();
  }

  /** Gives no turn any more, and waits for the last one. */
  void close(Duration limit) throws InterruptedException {
    try {
      turn.close(limit);
    } finally {
      ledger.places().close(); // who waits there tries once more, and gets no turn
    }
  }
}
