package dev.hotswap.core;

import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings back what was to be replaced, where a swap fails for which callers are held: what was
 * stopped is started again, what is gone comes back from the content store, each gets back the
 * state that it gave, and the callers are released to it. Used in turn.
 */
final class WayBack {
  private final World world;
  private final Stager stager;
  private final ForeignCode foreign;
  private final Duration startLimit;
  private final Ledger ledger;
  private final Retirer retirer;
  private final StateTransfer states;

  WayBack(
      World world,
      Stager stager,
      ForeignCode foreign,
      Duration startLimit,
      Ledger ledger,
      Retirer retirer,
      StateTransfer states) {
    this.world = world;
    this.stager = stager;
    this.foreign = foreign;
    this.startLimit = startLimit;
    this.ledger = ledger;
    this.retirer = retirer;
    this.states = states;
  }

  /**
   * What became of it.
   *
   * @param words for the refusal
   * @param lost the plugins of which nothing answers now
   */
  record Outcome(String words, Set<String> lost) {}

  /** Tries for each of them, whatever becomes of the others. */
  Outcome run(Draft draft, Hold hold) {
    List<String> words = new ArrayList<>();
    Set<String> lost = new HashSet<>();
    for (Change change : hold.changes()) {
      try {
        words.addAll(bringBack(draft, hold, change).stream().toList());
      } catch (RuntimeException | Error e) {
        lost.add(change.plugin());
        words.add(
            "what it replaces did not start again either ("
                + words(e)
                + ") and nothing answers in the place of "
                + change.plugin());
      }
    }
    if (words.isEmpty()) {
      boolean stopped = hold.olds().stream().anyMatch(hold::isStopped);
      words.add(
          "what it replaces "
              + (stopped ? "was started again and answers" : "was not stopped, and answers"));
    }
    return new Outcome(String.join("; ", words), lost);
  }

  /** What was thrown, in words. */
  static String words(Throwable thrown) {
    if (thrown instanceof SwapRefusedException refused) {
      return refused.refusal().why();
    }
    return thrown instanceof StepFailedException step ? step.getMessage() : Thrown.asText(thrown);
  }

  /** What became of its state, where it did not take that back. */
  private Optional<String> bringBack(Draft draft, Hold hold, Change change) {
    LiveGeneration old = change.old().orElseThrow();
    Optional<StateTransfer.Given> given = hold.given(change);
    if (!retirer.isHeld(old)) {
      return reinstall(draft, hold, change);
    }
    old.heldDrain(Optional.empty()); // it has not left
    if (hold.isStopped(old)) {
      return restart(draft.id(), hold, change);
    }
    Optional<String> lost =
        given.flatMap(state -> takenBack(draft.id(), old, state, hold.backward(startLimit)));
    world.resume(List.of(old));
    return lost;
  }

  private Optional<String> restart(long swap, Hold hold, Change change) {
    LiveGeneration old = change.old().orElseThrow();
    Duration limit = hold.backward(startLimit);
    world.veil(old);
    Optional<Optional<String>> done;
    try {
      done =
          foreign.within(
              limit,
              "hotswap-restart-" + swap,
              () -> startAgain(hold, change),
              late -> settleLate(old));
    } catch (RuntimeException | Error e) {
      world.tryRelease(old); // to nothing, unless somebody starts it by hand
      throw e;
    }
    if (done.isEmpty()) {
      throw new StepFailedException(
          "it was still starting after " + limit.toMillis() + " ms and was interrupted");
    }
    boolean offers = offers(old, change, hold);
    world.tryRelease(old); // its turn lasts: it is current
    if (!offers) {
      throw new StepFailedException("it does not offer its services again");
    }
    return done.get();
  }

  /** By its own code, and so on a thread for that. To start what runs does nothing. */
  private Optional<String> startAgain(Hold hold, Change change) {
    LiveGeneration old = change.old().orElseThrow();
    retirer.held(old).start(change.subject());
    return hold.given(change)
        .filter(StateTransfer.Given::tryTakeBack)
        .flatMap(given -> takenBackHere(old, given));
  }

  private boolean offers(LiveGeneration old, Change change, Hold hold) {
    AtomicBoolean offers = new AtomicBoolean(change.needed().isEmpty());
    if (!offers.get()) {
      Uninterrupted.run(
          () -> offers.set(world.awaitOffers(old, change.needed(), hold.backward(startLimit))));
    }
    return offers.get();
  }

  /**
   * A stop that was given up has ended after all. Where that generation was called back meanwhile,
   * the stop may have come last: it is started once more, on the thread of the stop.
   */
  void stoppedLate(Hold hold, Change change) {
    LiveGeneration old = change.old().orElseThrow();
    if (old.isCurrent()) {
      startAgain(hold, change);
      settleLate(old);
    }
  }

  /** It is up, later than anybody waited for; but another may have taken its place by now. */
  private void settleLate(LiveGeneration old) {
    if (!world.tryRelease(old)) {
      retirer.held(old).stop();
    }
  }

  /** A new generation of its bytes. */
  private Optional<String> reinstall(Draft draft, Hold hold, Change change) {
    Draft back = draft.again().steadfast();
    back.continues(draft);
    Jar bytes = change.old().orElseThrow().jar();
    if (!ledger.tryAgain(bytes)) {
      throw new StepFailedException("its bytes are gone");
    }
    Stager.Ready ready = stager.stage(back, new Planning.Wish(List.of(bytes), List.of(), false));
    LiveGeneration again = ready.changes().get(0).next();
    Optional<String> lost =
        hold.given(change)
            .flatMap(given -> takenBack(draft.id(), again, given, hold.backward(startLimit)));
    LiveGeneration gone = change.old().orElseThrow(); // but its seniority, which goes over
    again.asked(gone.asked());
    boolean incomplete = world.tryPublish(ready.changes(), List.of(gone)).isPresent();
    gone.stage(Stage.RECLAIMED);
    if (incomplete) {
      throw new StepFailedException("it does not offer its services again");
    }
    ledger.note(new Entry.Current(List.of(again.generation())));
    again.asked().ifPresent(who -> ledger.note(new Entry.Wished(who, List.of(again.generation()))));
    return lost;
  }

  private Optional<String> takenBack(
      long swap, LiveGeneration old, StateTransfer.Given given, Duration limit) {
    try {
      states.take(swap, old, given, limit);
      return Optional.empty();
    } catch (StepFailedException e) {
      return Optional.of(lost(e));
    }
  }

  private Optional<String> takenBackHere(LiveGeneration old, StateTransfer.Given given) {
    try {
      states.takeHere(old, given);
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(lost(e));
    }
  }

  private static String lost(Throwable thrown) {
    return "what it replaces answers again, but without its state (" + words(thrown) + ")";
  }
}
