package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Swaps for which callers have to wait, because two generations cannot run at a time or because
 * state goes from one to the other: new callers are held, those inside finish, the old one gives
 * its state, and is stopped where it cannot run beside the new one, which is then started and
 * checked; the new one takes the state. The publish that follows releases the callers to it.
 * Whatever fails brings the old one back and releases them to that.
 *
 * <p>{@link Hold} says how the time for which callers can wait is shared out.
 */
final class Handover {
  private final World world;
  private final Stager stager;
  private final ForeignCode foreign;
  private final SwapSettings settings;
  private final Ledger ledger;
  private final Retirer retirer;
  private final Departures departures;
  private final StateTransfer states;
  private final Insiders insiders;
  private final WayBack wayBack;

  Handover(
      World world,
      Stager stager,
      ForeignCode foreign,
      SwapSettings settings,
      Ledger ledger,
      Retirer retirer,
      Departures departures,
      StateTransfer states,
      Insiders insiders) {
    this.world = world;
    this.stager = stager;
    this.foreign = foreign;
    this.settings = settings;
    this.ledger = ledger;
    this.retirer = retirer;
    this.departures = departures;
    this.states = states;
    this.insiders = insiders;
    this.wayBack =
        new WayBack(world, stager, foreign, settings.startLimit(), ledger, retirer, states);
  }

  /**
   * Up to the publish; callers are held from here until then.
   *
   * @param terms of the drain
   * @param changes all of the set; callers of some are held
   * @throws SwapRefusedException when it fails; then the old ones answer again, and none of the set
   *     is left
   */
  Hold begin(Draft draft, Departure.Terms terms, List<Change> changes) {
    long swap = draft.id();
    draft.step(Step.HOLD);
    Hold hold = new Hold(settings.availability(), changes.stream().filter(Change::isHeld).toList());
    refuseInsiders(hold, changes, swap);
    world.hold(hold.olds(), insiders);
    drain(draft, terms, hold, changes);
    List<Change> up = new ArrayList<>(changes); // and to be taken away where a step fails
    try {
      for (Change change : hold.stateful()) {
        LiveGeneration old = change.old().orElseThrow();
        hold.given(change, states.give(swap, old, hold.forward(settings.startLimit())));
      }
      stop(swap, hold);
      up.removeAll(hold.alone()); // where their start fails they are gone, or left to its thread
      start(draft, hold);
      up.addAll(hold.alone());
      for (Change change : hold.stateful()) {
        hold.given(change).ifPresent(given -> take(swap, change, given, hold));
      }
      draft.step(Step.PUBLISH);
      return hold;
    } catch (RuntimeException | Error e) {
      throw failed(draft, hold, up, e);
    }
  }

  /** It would wait for the very call that it is asked for in. */
  private void refuseInsiders(Hold hold, List<Change> changes, long swap) {
    if (insiders.include(hold.olds())) {
      String reason =
          "it was asked for from inside a call on what it replaces, which has to end first";
      SwapRefusedException refused = notTouched(hold, reason, List.of());
      stager.discard(swap, changes);
      throw refused;
    }
  }

  private SwapRefusedException notTouched(Hold hold, String reason, List<String> holders) {
    Change about = hold.changes().get(0);
    return new SwapRefusedException(
        new Refusal.NotHandedOver(
            about.subject().what(),
            reason,
            "that was not touched, and answers",
            hold.lasted(),
            holders,
            stands(about.plugin())));
  }

  /**
   * Takes new generations away, brings the old ones back, and releases the callers.
   *
   * @param up what is to be taken away
   * @param reason what failed
   * @return the refusal, to be thrown
   */
  SwapRefusedException failed(Draft draft, Hold hold, List<Change> up, Throwable reason) {
    stager.discard(draft.id(), up, hold.backward(settings.startLimit()).dividedBy(2));
    WayBack.Outcome back = wayBack.run(draft, hold);
    draft.held(hold.lasted());
    Change about = hold.changes().get(0);
    String what = about.subject().what();
    Optional<Generation> stands =
        stands(about.plugin()).filter(live -> !back.lost().contains(about.plugin()));
    if (reason instanceof StateTransfer.ForeignStateException found) {
      return new SwapRefusedException(
          new Refusal.ForeignState(
              what,
              found.found().type().getName(),
              found.of().toString(),
              found.found().path(),
              back.words(),
              stands));
    }
    return new SwapRefusedException(
        new Refusal.NotHandedOver(
            what, WayBack.words(reason), back.words(), hold.lasted(), List.of(), stands));
  }

  /**
   * The way back after the publish: callers are held once more. The state of the new ones, who have
   * had calls, goes back to the old ones; what was given at first does where they do not give it.
   *
   * @return the refusal, to be thrown
   */
  SwapRefusedException handBack(Draft draft, Hold first, List<Change> changes, Throwable reason) {
    Hold hold = first.again();
    List<LiveGeneration> nexts = changes.stream().map(Change::next).toList();
    world.hold(nexts, insiders);
    awaitDrained(nexts, hold);
    world.seal();
    for (Change change : hold.stateful()) {
      if (change.next().isDrained()) {
        giveBack(draft.id(), change, hold);
      }
    }
    return failed(draft, hold, changes, reason);
  }

  private void awaitDrained(List<LiveGeneration> nexts, Hold hold) {
    try {
      world.awaitDrained(nexts, hold.drainLimit(settings.drainDeadline()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveBack(long swap, Change change, Hold hold) {
    try {
      states
          .give(swap, change.next(), hold.forward(settings.startLimit()))
          .ifPresent(given -> hold.given(change, Optional.of(given)));
    } catch (StepFailedException | StateTransfer.ForeignStateException e) {
      return; // what was given at first goes back
    }
  }

  private void drain(Draft draft, Departure.Terms terms, Hold hold, List<Change> changes) {
    Duration limit = hold.drainLimit(terms.deadline());
    List<LiveGeneration> olds = hold.olds();
    Optional<Map<LiveGeneration, Calls>> drained =
        awaitDrained(
            Departure.held(draft.id(), olds, new Departure.Terms(limit, terms.policy())),
            hold.grace());
    world.seal(); // also where some are not waited for
    if (drained.isPresent()) {
      drained.get().forEach(hold::forced);
      olds.forEach(old -> old.stage(Stage.DRAINED));
      return;
    }
    String reason =
        hold.lasted().compareTo(limit) < 0
            ? "it was given up before calls on what it replaces had ended"
            : "calls on what it replaces did not end within " + limit.toMillis() + " ms";
    List<String> holders = new ArrayList<>();
    olds.forEach(old -> old.holders().stream().map(Holder::label).forEach(holders::add));
    olds.forEach(old -> old.heldDrain(Optional.empty()));
    world.resume(olds);
    draft.held(hold.lasted());
    SwapRefusedException refused = notTouched(hold, reason, holders);
    stager.discard(draft.id(), changes);
    throw refused;
  }

  private Optional<Map<LiveGeneration, Calls>> awaitDrained(Departure departure, Duration grace) {
    try {
      return departures.awaitHeld(departure, grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Dependents first. What may run on beside its successor is left running. */
  private void stop(long swap, Hold hold) {
    List<Change> changes = new ArrayList<>();
    hold.changes().forEach(change -> changes.add(0, change));
    for (Change change : changes) {
      LiveGeneration old = change.old().orElseThrow();
      if (change.isOneAfterTheOther() || hold.forced(old).isPresent()) {
        hold.stopped(old);
        stop(swap, hold, change);
      }
    }
  }

  private void stop(long swap, Hold hold, Change change) {
    Duration limit = hold.forward(settings.startLimit());
    Optional<Boolean> done =
        foreign.within(
            limit,
            hold.grace(),
            "hotswap-stop-" + swap,
            () -> stopHere(swap, hold, change.old().orElseThrow()),
            late -> wayBack.stoppedLate(hold, change));
    if (done.isEmpty()) {
      throw new StepFailedException(
          "what it replaces was still stopping after "
              + limit.toMillis()
              + " ms and was interrupted");
    }
  }

  /** By its own code. The framework allows one singleton of a name, so that one has to go. */
  private boolean stopHere(long swap, Hold hold, LiveGeneration old) {
    Duration drain = old.heldDrain().orElseThrow();
    Optional<Calls> forced = hold.forced(old);
    if (forced.isPresent()) {
      old.gone(retirer.force(swap, old, drain, forced.get()));
      return true;
    }
    retirer.held(old).stop();
    if (retirer.held(old).isSingleton()) {
      ledger.tell(at -> new SwapEvent.Drained(swap, at, old.generation(), drain, old.calls()));
      old.gone(retirer.retire(swap, old, drain));
    }
    return true;
  }

  private void start(Draft draft, Hold hold) {
    if (!hold.alone().isEmpty()) {
      Duration limit = hold.forward(settings.startLimit());
      stager.start(draft, hold.alone(), limit, hold.grace());
      draft.step(Step.HOLD);
    }
  }

  private void take(long swap, Change change, StateTransfer.Given given, Hold hold) {
    states.take(swap, change.next(), given, hold.forward(settings.startLimit()));
  }

  /** What is current of the plugin now: it may be another generation than at first. */
  private Optional<Generation> stands(String plugin) {
    return ledger.current(plugin).map(LiveGeneration::generation);
  }
}
