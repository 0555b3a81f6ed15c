package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Holder;
import dev.hotswap.api.JointLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Pins the bindings of several slots and keeps them only if no publish came in between: the world's
 * version is read before the first pin and again after the last.
 */
final class PinnedJointLease implements JointLease {
  private final List<SlotHandle<?>> slots;
  private final List<Binding<?>> bindings;
  private final List<Taker> takers = new ArrayList<>();
  private final int stripe;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PinnedJointLease(List<SlotHandle<?>> slots, List<Binding<?>> bindings, int stripe) {
    this.slots = slots;
    this.bindings = bindings;
    this.stripe = stripe;
    for (Binding<?> binding : bindings) { // no lambda: its frames would head the stack noted
      takers.add(binding.note(Holder.Kind.LEASE));
    }
  }

  static PinnedJointLease take(World world, List<SlotHandle<?>> slots) {
    int stripe = Pins.stripeOf(Thread.currentThread());
    List<Binding<?>> pinned = new ArrayList<>(slots.size());
    long since = System.nanoTime();
    while (true) {
      long version = world.version();
      pinAll(world, slots, stripe, pinned);
      if (pinned.size() == slots.size() && world.version() == version) {
        return new PinnedJointLease(slots, pinned, stripe);
      }
      pinned.forEach(binding -> binding.backOutShared(stripe));
      pinned.clear();
      slots.stream()
          .filter(slot -> SlotHandle.isAbsent(slot.current()))
          .findFirst()
          .ifPresent(slot -> world.awaitProvider(slot, since));
    }
  }

  /** Pins one after the other, up to the first refusal. */
  private static void pinAll(
      World world, List<SlotHandle<?>> slots, int stripe, List<Binding<?>> pinned) {
    for (SlotHandle<?> slot : slots) {
      Binding<?> binding = slot.current();
      if (binding.tryEnterShared(stripe)) {
        pinned.add(binding);
      } else {
        Optional<? extends Binding<?>> again =
            SlotHandle.isAbsent(binding) ? world.tryEnterAgain(slot, stripe) : Optional.empty();
        if (again.isEmpty()) {
          return;
        }
        pinned.add(again.get());
      }
    }
  }

  private void unpin() {
    for (int i = 0; i < bindings.size(); i++) {
      Binding<?> binding = bindings.get(i);
      binding.strike(takers.get(i));
      binding.exitShared(stripe);
    }
  }

  @Override
  public <S> S service(Handle<S> handle) {
    return handle.contract().cast(binding(handle).service);
  }

  @Override
  public Generation generation(Handle<?> handle) {
    return binding(handle).generation();
  }

  private Binding<?> binding(Handle<?> handle) {
    if (closed.get()) {
      throw new IllegalStateException("the joint lease is closed; take a new one");
    }
    int index = slots.indexOf(handle);
    if (index < 0) {
      throw new IllegalArgumentException("the joint lease was not taken on the " + handle);
    }
    return bindings.get(index);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      unpin();
    }
  }
}
