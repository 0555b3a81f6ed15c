package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.JointLease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Pins the bindings of several slots and keeps them only if no publish came in between: the world's
 * version is read before the first pin and again after the last.
 */
final class PinnedJointLease implements JointLease {
  private final List<SlotHandle<?>> slots;
  private final List<Binding<?>> bindings;
  private final int stripe;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PinnedJointLease(List<SlotHandle<?>> slots, List<Binding<?>> bindings, int stripe) {
    this.slots = slots;
    this.bindings = bindings;
    this.stripe = stripe;
  }

  static PinnedJointLease take(World world, List<SlotHandle<?>> slots) {
    int stripe = Pins.stripeOf(Thread.currentThread());
    List<Binding<?>> pinned = new ArrayList<>(slots.size());
    while (true) {
      long version = world.version();
      pinAll(slots, stripe, pinned);
      if (pinned.size() == slots.size() && world.version() == version) {
        return new PinnedJointLease(slots, pinned, stripe);
      }
      pinned.forEach(binding -> binding.backOutShared(stripe));
      pinned.clear();
      slots.stream()
          .filter(slot -> SlotHandle.isAbsent(slot.current()))
          .findFirst()
          .ifPresent(world::awaitProvider);
    }
  }

  /** Pins one after the other, up to the first refusal. */
  private static void pinAll(List<SlotHandle<?>> slots, int stripe, List<Binding<?>> pinned) {
    for (SlotHandle<?> slot : slots) {
      Binding<?> binding = slot.current();
      if (!binding.tryEnterShared(stripe)) {
        return;
      }
      pinned.add(binding);
    }
  }

  private static void unpin(List<Binding<?>> pinned, int stripe) {
    for (Binding<?> binding : pinned) {
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
      unpin(bindings, stripe);
    }
  }
}
