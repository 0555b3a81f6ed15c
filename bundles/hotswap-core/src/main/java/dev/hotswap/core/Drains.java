package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Holder;
import dev.hotswap.api.SwapEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The drains of one departure, all watched at once: each ends when its own last call has, and is
 * told when it is overdue, whatever becomes of the others. One thread watches at a time; another
 * may wait for an end.
 */
final class Drains {
  /** How soon a decision is seen by who watches. */
  private static final Duration LOOK = Duration.ofMillis(10);

  private final Departure departure;
  private final World world;
  private final Ledger ledger;
  private final Duration grace;
  private final BooleanSupplier closing;
  private final List<Drain> drains = new ArrayList<>();
  private final long start = System.nanoTime();
  private boolean isReversalDue; // of the watching thread

  /**
   * @param grace how long to wait for threads that were interrupted, where callers are held
   * @param closing whether an interrupt is meant: the host closes
   */
  Drains(Departure departure, World world, Ledger ledger, Duration grace, BooleanSupplier closing) {
    this.departure = departure;
    this.world = world;
    this.ledger = ledger;
    this.grace = grace;
    this.closing = closing;
    departure.leaving().forEach(old -> drains.add(new Drain(old)));
  }

  /**
   * How a drain ended.
   *
   * @param took how long it took
   * @param forced whether it is not waited for any more
   */
  record End(Duration took, boolean forced) {}

  private static final class Drain {
    private final LiveGeneration old;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private boolean overdue; // of the watching thread

    Drain(LiveGeneration old) {
      this.old = old;
    }

    boolean isLate() {
      return !overdue && isInUse();
    }

    /** Of what is held together one may be empty, and wait for the others. */
    boolean isInUse() {
      return old.calls().inFlight() > 0 || old.isUncertain();
    }
  }

  /** Whether one of them goes on. */
  boolean isOpen() {
    return !open().isEmpty();
  }

  private List<Drain> open() {
    return drains.stream().filter(drain -> !drain.end.isDone()).toList();
  }

  /** Those that go on. */
  List<LiveGeneration> stuck() {
    return open().stream().map(drain -> drain.old).toList();
  }

  /** Whether the departure is to be reversed, by the policy for the deadline. */
  boolean isReversalDue() {
    return isReversalDue;
  }

  /** Until all have ended or the departure is reversed, but no longer than to the deadline. */
  void watchToTheDeadline() throws InterruptedException {
    look();
    while (isOpen() && !departure.isReversed() && !isPast(Duration.ZERO)) {
      pause();
      look();
    }
  }

  /** Until all have ended or the departure is reversed. */
  void watchToTheEnd() throws InterruptedException {
    look();
    while (isOpen() && !departure.isReversed()) {
      pause();
      look();
    }
  }

  /** Nobody watches any more. */
  void abandon(String reason) {
    open().forEach(drain -> drain.end.completeExceptionally(new IllegalStateException(reason)));
  }

  /**
   * How the drain of the generation ended; waits for that. Empty when the departure is reversed.
   *
   * @throws IllegalStateException when nobody can tell
   */
  Optional<End> awaitEnd(LiveGeneration old) throws InterruptedException {
    CompletableFuture<End> end =
        drains.stream().filter(drain -> drain.old == old).findFirst().orElseThrow().end;
    while (!departure.isReversed()) {
      try {
        return Optional.of(end.get(LOOK.toNanos(), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        continue; // the departure may be reversed by now
      } catch (ExecutionException e) {
        throw new IllegalStateException(Thrown.asText(e.getCause()));
      } catch (InterruptedException e) {
        passOn(e);
      }
    }
    return Optional.empty();
  }

  /** The calls of those that are to be reclaimed although some are inside. */
  Map<LiveGeneration, Calls> forced() {
    Map<LiveGeneration, Calls> forced = new HashMap<>();
    for (Drain drain : drains) {
      if (drain.end.isDone() && drain.end.join().forced()) {
        forced.put(drain.old, drain.old.calls());
      }
    }
    return forced;
  }

  private boolean isPast(Duration more) {
    return Retirer.since(start).compareTo(departure.terms().deadline().plus(more)) >= 0;
  }

  /** The end of the first one that goes on is seen at once, that of the others at the next look. */
  private void pause() throws InterruptedException {
    Duration left = departure.terms().deadline().minus(Retirer.since(start));
    boolean soon = !left.isNegative() && left.compareTo(LOOK) < 0;
    Duration limit = soon ? left : LOOK;
    try {
      if (departure.isHeld()) {
        world.awaitDrained(stuck(), limit); // all at once: who is inside one may call the other
      } else {
        Retirer.awaitDrained(open().get(0).old, limit);
      }
    } catch (InterruptedException e) {
      passOn(e);
    }
  }

  /** Code of a plugin that was stopped just now, on this thread, may have left that behind. */
  private void passOn(InterruptedException e) throws InterruptedException {
    if (closing.getAsBoolean() || departure.isHeld()) { // its asker's thread, who may give it up
      throw e;
    }
  }

  private void look() {
    for (Drain drain : open()) {
      guarded(drain, () -> settle(drain));
    }
    List<Drain> late =
        isPast(Duration.ZERO) ? open().stream().filter(Drain::isLate).toList() : List.of();
    late.forEach(drain -> guarded(drain, () -> tellOverdue(drain)));
    // who is told of one may let go of the next
    late.stream().filter(Drain::isInUse).forEach(drain -> guarded(drain, () -> act(drain.old)));
    // what was decided just now is looked at first
    if (late.isEmpty() && departure.isHeld() && isOpen() && isPast(grace)) {
      departure.tryReverse();
    }
  }

  /** What goes wrong with one of them is no other's matter. */
  private static void guarded(Drain drain, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      drain.end.completeExceptionally(e);
    }
  }

  private void settle(Drain drain) {
    LiveGeneration old = drain.old;
    Duration took = Retirer.since(start);
    if (old.gone().isPresent() || old.isDrained()) {
      end(drain, new End(old.heldDrain().orElse(took), false));
    } else if (departure.isForced(old) && (old.calls().inFlight() > 0 || old.isUncertain())) {
      // where none is in flight the last one has left just now, and nothing needs to be forced
      end(drain, new End(took, true));
    }
  }

  private void end(Drain drain, End end) {
    LiveGeneration old = drain.old;
    if (departure.isHeld()) {
      old.heldDrain(Optional.of(end.took()));
    } else if (old.gone().isEmpty() && !end.forced()) {
      drained(old, end.took());
    }
    drain.end.complete(end);
  }

  /** It takes no place any more, also where it waits for others before it leaves. */
  private void drained(LiveGeneration old, Duration took) {
    Calls calls = old.calls();
    if (departure.tryDrain(old)) {
      ledger.tell(at -> new SwapEvent.Drained(departure.swap(), at, old.generation(), took, calls));
      ledger.places().freed();
    }
  }

  /** Unless it has drained, or come back, while another one was told of. */
  private void tellOverdue(Drain drain) {
    LiveGeneration old = drain.old;
    Duration waited = Retirer.since(start);
    Calls calls = old.calls(); // before the holders: who leaves meanwhile is rather counted
    if (calls.inFlight() == 0 && !old.isUncertain()) {
      return;
    }
    drain.overdue = true;
    List<Holder> holders = old.holders();
    old.overdue(holders);
    if (departure.isReversed()) { // which has cleared them, or may have done so just before
      old.overdue(List.of());
      return;
    }
    ledger.tell(
        at ->
            new SwapEvent.DrainOverdue(
                departure.swap(), at, old.generation(), waited, calls, holders));
  }

  private void act(LiveGeneration old) {
    if (departure.isReversed()) {
      return; // whoever is inside is a caller of what is current again
    }
    DeadlinePolicy policy = departure.policy(old);
    if (policy == DeadlinePolicy.INTERRUPT) {
      interrupt(departure, old, ledger);
    } else if (policy == DeadlinePolicy.FORCE) {
      departure.decide(old, policy);
    } else if (departure.isHeld()) {
      departure.tryReverse();
    } else if (policy == DeadlinePolicy.REVERSE && departure.undo().isPresent()) {
      isReversalDue = true;
    }
  }

  /** Interrupts who is calling it, as far as that is known. */
  static void interrupt(Departure departure, LiveGeneration old, Ledger ledger) {
    List<Holder> holders = old.interruptHolders();
    ledger.tell(at -> new SwapEvent.Interrupted(departure.swap(), at, old.generation(), holders));
  }
}
