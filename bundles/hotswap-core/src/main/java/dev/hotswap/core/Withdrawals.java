package dev.hotswap.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How services leave the {@link World} that nothing takes the place of: told beforehand, out of
 * reach for new calls, and waited for. Thread-safe.
 */
final class Withdrawals {
  private final Board board;

  Withdrawals(Board board) {
    this.board = board;
  }

  /** As {@link World#announceLeave}. */
  void announce(List<Binding<?>> bindings) {
    board.change(
        () -> {
          Set<Class<?>> touched = new HashSet<>();
          for (Binding<?> binding : bindings) {
            if (board.offers().announceLeave(binding.latest())) {
              touched.add(binding.contract());
            }
          }
          return touched;
        });
  }

  /** As {@link World#withdraw(Binding, Duration)}, for all of them. */
  boolean withdraw(List<Binding<?>> bindings, Duration limit) {
    announce(bindings);
    // one that had left before has been waited for: not once more
    List<Binding<?>> left = board.locked(() -> leave(bindings));
    List<Binding<?>> all = bindings.stream().flatMap(of -> of.line().stream()).toList();
    all.forEach(Binding::retire);
    long start = System.nanoTime();
    boolean drained = true;
    for (Binding<?> binding : all) {
      boolean wait = left.contains(binding.latest());
      long nanos = wait ? limit.toNanos() - (System.nanoTime() - start) : 0;
      boolean ended = awaitDrained(binding, nanos);
      if (ended) {
        binding.live().settle(binding);
      }
      drained &= ended;
    }
    return drained;
  }

  /** Answers those of them that were still offered. */
  private List<Binding<?>> leave(List<Binding<?>> bindings) {
    List<Binding<?>> left = new ArrayList<>();
    Set<Class<?>> touched = new HashSet<>();
    for (Binding<?> given : bindings) {
      Binding<?> binding = given.latest();
      // out of the generation too, or a publish that comes now would enter it again
      boolean offered = binding.live().leave(binding);
      if (offered) {
        left.add(binding);
      }
      if (board.offers().leave(binding)
          || offered && board.slots().areOfCompany(binding.contract())) {
        touched.add(binding.contract());
      }
    }
    if (!touched.isEmpty()) { // or a staged set would have to look whether it is stale
      board.write(touched);
    }
    return left;
  }

  private static boolean awaitDrained(Binding<?> binding, long nanos) {
    try {
      binding.awaitOthers(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return binding.isDrained();
  }
}
