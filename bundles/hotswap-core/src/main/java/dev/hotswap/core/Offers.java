package dev.hotswap.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What current generations offer, by contract. Guarded by the lock of its {@link World}. */
final class Offers {
  private final Map<Class<?>, List<Binding<?>>> byContract = new HashMap<>();
  private final Set<Binding<?>> leaving = new HashSet<>();
  private boolean closed;

  /** Idempotent. */
  void enter(Binding<?> binding) {
    List<Binding<?>> offers =
        byContract.computeIfAbsent(binding.contract(), contract -> new ArrayList<>());
    if (!offers.contains(binding)) {
      offers.add(binding);
    }
  }

  /** Answers whether it was there. */
  boolean leave(Binding<?> binding) {
    leaving.remove(binding);
    List<Binding<?>> offers = byContract.get(binding.contract());
    boolean there = offers != null && offers.remove(binding);
    if (there && offers.isEmpty()) {
      byContract.remove(binding.contract());
    }
    return there;
  }

  /** Notes that it is about to leave; callers go by it until then. Answers whether it is there. */
  boolean announceLeave(Binding<?> binding) {
    boolean there = byContract.getOrDefault(binding.contract(), List.of()).contains(binding);
    if (there) {
      leaving.add(binding);
    }
    return there;
  }

  /** Whether something offers the contract that is not about to leave. */
  boolean provide(Class<?> contract) {
    return !leaving.containsAll(byContract.getOrDefault(contract, List.of()));
  }

  /**
   * The one that callers go by; {@link Binding#ABSENT} where there is none. Those of a company go
   * by what is staged with them where nothing current is.
   */
  @SuppressWarnings("unchecked") // ABSENT fits any contract
  <S> Binding<S> best(Choice<S> choice) {
    Binding<S> best = (Binding<S>) Binding.ABSENT;
    for (Binding<?> binding : byContract.getOrDefault(choice.contract(), List.of())) {
      boolean better = best == Binding.ABSENT || Binding.BEST_FIRST.compare(binding, best) < 0;
      if (better && choice.takes(binding)) {
        best = (Binding<S>) binding; // the key is the binding's own contract
      }
    }
    return best == Binding.ABSENT && !closed ? choice.company().best(choice) : best;
  }

  /** All that callers go by, best first. */
  <S> List<Binding<S>> all(Choice<S> choice) {
    return of(choice).sorted(Binding.BEST_FIRST).toList();
  }

  @SuppressWarnings("unchecked") // the key is the bindings' own contract
  private <S> Stream<Binding<S>> of(Choice<S> choice) {
    return byContract.getOrDefault(choice.contract(), List.of()).stream()
        .filter(choice::takes)
        .map(binding -> (Binding<S>) binding);
  }

  /** Nothing is offered any more, for good. */
  void close() {
    closed = true;
    byContract.clear();
    leaving.clear();
  }
}
