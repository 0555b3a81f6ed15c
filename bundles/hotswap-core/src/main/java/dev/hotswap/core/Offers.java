package dev.hotswap.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What current generations offer, by contract. Guarded by the lock of its {@link World}. */
final class Offers {
  private final Map<Class<?>, List<Binding<?>>> byContract = new HashMap<>();
  private final Set<Binding<?>> leaving = new HashSet<>();

  void enter(Binding<?> binding) {
    byContract.computeIfAbsent(binding.contract(), contract -> new ArrayList<>()).add(binding);
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

  /** The one that callers of the contract go by; {@link Binding#ABSENT} where there is none. */
  @SuppressWarnings("unchecked") // the key is the bindings' own contract; ABSENT fits any
  <S> Binding<S> best(Class<S> contract) {
    List<Binding<?>> offers = byContract.getOrDefault(contract, List.of());
    return (Binding<S>)
        (offers.isEmpty() ? Binding.ABSENT : Collections.min(offers, Binding.BEST_FIRST));
  }

  void clear() {
    byContract.clear();
    leaving.clear();
  }
}
