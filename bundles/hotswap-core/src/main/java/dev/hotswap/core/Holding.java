package dev.hotswap.core;

import dev.hotswap.api.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How generations of the {@link World} are closed to new callers for a while, who wait meanwhile,
 * and opened again. Thread-safe.
 */
final class Holding {
  private final Board board;
  private final boolean leaseTracking;

  /**
   * @param leaseTracking as of {@link World}
   */
  Holding(Board board, boolean leaseTracking) {
    this.board = board;
    this.leaseTracking = leaseTracking;
  }

  /** As {@link World#hold}. */
  void hold(List<LiveGeneration> generations) {
    board.locked(() -> shut(generations)).forEach(Binding::retire);
  }

  /** Answers what they offered. */
  private List<Binding<?>> shut(List<LiveGeneration> generations) {
    List<Binding<?>> bindings = new ArrayList<>();
    Set<Class<?>> touched = new HashSet<>();
    for (LiveGeneration generation : generations) {
      generation.stage(Stage.DRAINING);
      generation.holdOffers();
      for (Binding<?> binding : generation.bindings()) {
        board.offers().leave(binding);
        touched.add(binding.contract());
        bindings.add(binding);
      }
    }
    board.write(touched);
    return bindings;
  }

  /** As {@link World#resume}. */
  void resume(List<LiveGeneration> generations) {
    for (LiveGeneration generation : generations) {
      board.locked(
          () -> {
            generation.releaseOffers();
            generation.stage(Stage.CURRENT);
            return generation;
          });
      reopen(generation);
    }
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

  /** As {@link World#reopen}. */
  void reopen(LiveGeneration generation) {
    board.change(
        () -> {
          Set<Class<?>> touched = new HashSet<>(generation.contracts());
          generation.reopen(this::reopened);
          board.write(touched);
          return touched;
        });
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
