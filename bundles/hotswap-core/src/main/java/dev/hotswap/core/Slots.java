package dev.hotswap.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Every slot of a {@link World}, one for each choice and kind. Guarded by the world's lock. */
final class Slots {
  private final Map<Choice<?>, SlotHandle<?>> handles = new HashMap<>();
  private final Map<Choice<?>, SlotHandles<?>> extensionPoints = new HashMap<>();
  private final Map<Class<?>, List<Slot>> byContract = new HashMap<>();
  private final Set<Slot> asked = new HashSet<>();

  /** The handle of the choice; made where it is not there yet. */
  @SuppressWarnings("unchecked") // the choice is the slot's own
  <S> SlotHandle<S> handle(Choice<S> choice, Function<Choice<S>, SlotHandle<S>> maker) {
    return (SlotHandle<S>)
        handles.computeIfAbsent(choice, absent -> added(maker.apply((Choice<S>) absent)));
  }

  /** The handle on all providers of the choice; made where it is not there yet. */
  @SuppressWarnings("unchecked") // the choice is the slot's own
  <S> SlotHandles<S> handles(Choice<S> choice, Function<Choice<S>, SlotHandles<S>> maker) {
    return (SlotHandles<S>)
        extensionPoints.computeIfAbsent(choice, absent -> added(maker.apply((Choice<S>) absent)));
  }

  private <T extends Slot> T added(T slot) {
    byContract.computeIfAbsent(slot.contract(), contract -> new ArrayList<>()).add(slot);
    return slot;
  }

  /** Somebody else than Hotswap itself has asked for it. */
  void asked(Slot slot) {
    asked.add(slot);
  }

  /** The contracts that somebody has a handle on. */
  Set<Class<?>> contracts() {
    return byContract.keySet();
  }

  /** Whether somebody goes by staged services of the contract where no current one is. */
  boolean areOfCompany(Class<?> contract) {
    return byContract.getOrDefault(contract, List.of()).stream().anyMatch(Slots::isOfCompany);
  }

  private static boolean isOfCompany(Slot slot) {
    return slot instanceof SlotHandle<?> handle && handle.choice().isOfCompany();
  }

  /** Those who went by it are gone. */
  private boolean isForgotten(Slot slot) {
    boolean over =
        slot instanceof SlotHandle<?> handle
            && handle.choice().isOfCompany()
            && handle.choice().company().hasEnded();
    if (over) {
      handles.values().remove(slot);
    }
    return over;
  }

  /**
   * First half of a publish, for all slots of the contracts.
   *
   * @return those that move
   */
  List<Slot> prepare(Collection<Class<?>> contracts, Offers offers, long version) {
    List<Slot> moving = new ArrayList<>();
    for (Class<?> contract : contracts) {
      List<Slot> its = byContract.getOrDefault(contract, new ArrayList<>());
      its.removeIf(this::isForgotten);
      for (Slot slot : its) {
        if (slot.tryPrepare(offers, version)) {
          moving.add(slot);
        }
      }
    }
    return moving;
  }

  /** The contracts of which somebody has a handle that is answered by the generation now. */
  Set<Class<?>> answeredBy(LiveGeneration generation) {
    Set<Class<?>> answered = new HashSet<>();
    for (Slot slot : asked) {
      if (slot.isAnsweredBy(generation)) {
        answered.add(slot.contract());
      }
    }
    return answered;
  }
}
