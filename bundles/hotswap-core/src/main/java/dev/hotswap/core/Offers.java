package dev.hotswap.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What current generations offer, by contract. Guarded by the lock of its {@link World}. */
final class Offers {
  private final Map<Class<?>, List<Binding<?>>> byContract = new HashMap<>();

  void enter(Binding<?> binding) {
    byContract.computeIfAbsent(binding.contract(), contract -> new ArrayList<>()).add(binding);
  }

  /** Answers whether it was there. */
  boolean leave(Binding<?> binding) {
    List<Binding<?>> offers = byContract.get(binding.contract());
    boolean there = offers != null && offers.remove(binding);
    if (there && offers.isEmpty()) {
      byContract.remove(binding.contract());
    }
    return there;
  }

  /** The one that callers go by; {@link Binding#ABSENT} where there is none. */
  @SuppressWarnings("unchecked") // ABSENT fits any contract
  <S> Binding<S> best(Choice<S> choice) {
    return of(choice).min(Binding.BEST_FIRST).orElse((Binding<S>) Binding.ABSENT);
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

  void clear() {
    byContract.clear();
  }
}
