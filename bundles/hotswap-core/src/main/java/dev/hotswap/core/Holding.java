package dev.hotswap.core;

import dev.hotswap.api.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How generations of the {@link World} are closed to new callers for a while, who wait meanwhile,
 * and opened again. Thread-safe.
 *
 * <p>Whoever comes from inside a call on what is held would wait for itself. It is let in once
 * more, to whatever is held together, until nobody is inside any of that: both are decided under
 * the world's lock, so that nobody is inside from then on.
 */
final class Holding {
  /** How soon the last one out is seen: callers wait for that. */
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final Board board;
  private final boolean leaseTracking;
  private final Set<LiveGeneration> ajar = new LinkedHashSet<>(); // guarded by the world's lock
  private volatile Insiders insiders;

  /**
   * @param leaseTracking as of {@link World}
   */
  Holding(Board board, boolean leaseTracking) {
    this.board = board;
    this.leaseTracking = leaseTracking;
  }

  /** As {@link World#hold}. */
  void hold(List<LiveGeneration> generations, Insiders those) {
    insiders = those;
    // all under the lock: who finds nothing in a slot and comes from inside looks for shut bindings
    board.locked(
        () -> {
          shut(generations).forEach(Binding::shut);
          return generations;
        });
  }

  /** As {@link World#awaitDrained}. */
  boolean awaitDrained(List<LiveGeneration> generations, Duration limit)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!tryDrain(generations)) {
      Duration waited = Retirer.since(start);
      if (waited.compareTo(limit) >= 0) {
        return false;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }

  private boolean tryDrain(List<LiveGeneration> generations) {
    return areEmpty(generations)
        && board.locked(
            () -> {
              boolean empty = areEmpty(generations); // none is let in meanwhile
              if (empty) {
                sealAll();
              }
              return empty;
            });
  }

  private static boolean areEmpty(List<LiveGeneration> generations) {
    return generations.stream().allMatch(LiveGeneration::isEmpty);
  }

  /** As {@link World#seal}. */
  void seal() {
    board.locked(
        () -> {
          sealAll();
          return true;
        });
  }

  /** As {@link World#seal}; under the world's lock. */
  void sealAll() {
    ajar.forEach(generation -> generation.bindings().forEach(Holding::seal));
    ajar.clear();
  }

  private static void seal(Binding<?> binding) {
    if (binding.isRetired()) {
      binding.retire();
    }
  }

  /** As {@link World#tryEnterAgain}. */
  <S> Optional<Binding<S>> tryEnterAgain(Choice<S> choice, int stripe) {
    List<LiveGeneration> held = board.locked(() -> List.copyOf(ajar));
    return held.isEmpty() || !insiders.include(held)
        ? Optional.empty()
        : board.locked(() -> enterAgain(choice, stripe));
  }

  @SuppressWarnings("unchecked") // a choice takes bindings of its own contract only
  private <S> Optional<Binding<S>> enterAgain(Choice<S> choice, int stripe) {
    Optional<Binding<S>> best =
        ajar.stream()
            .flatMap(generation -> generation.heldOffers().stream())
            .filter(choice::takes)
            .min(Binding.BEST_FIRST)
            .map(binding -> (Binding<S>) binding);
    best.ifPresent(binding -> binding.enterSharedAgain(stripe));
    return best;
  }

  /** Answers what they offered. */
  private List<Binding<?>> shut(List<LiveGeneration> generations) {
    List<Binding<?>> bindings = new ArrayList<>();
    Set<Class<?>> touched = new HashSet<>();
    for (LiveGeneration generation : generations) {
      generation.stage(Stage.DRAINING);
      generation.holdOffers();
      ajar.add(generation);
      for (Binding<?> binding : generation.bindings()) {
        board.offers().leave(binding);
        touched.add(binding.contract());
        bindings.add(binding);
      }
    }
    board.write(touched);
    return bindings;
  }

  /** As {@link World#veil}. */
  void veil(LiveGeneration generation) {
    board.locked(
        () -> {
          generation.veil(true);
          generation.stage(Stage.CURRENT);
          return generation;
        });
  }

  /**
   * As {@link World#reopen}; under the world's lock.
   *
   * @return the contracts that are touched
   */
  Set<Class<?>> reopen(LiveGeneration generation) {
    Set<Class<?>> touched = new HashSet<>(generation.contracts());
    generation.reopen(this::reopened);
    return touched;
  }

  private Binding<?> reopened(Binding<?> retired) {
    Binding<?> fresh = retired.reopened(Takers.of(leaseTracking));
    board.offers().leave(retired);
    if (retired.live().isCurrent() && !retired.live().isVeiled()) {
      board.enter(fresh);
    }
    return fresh;
  }
}
