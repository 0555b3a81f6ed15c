package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Lease;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A lease through the shared lane, which any thread may leave. */
final class PinnedLease<S> implements Lease<S> {
  private static final VarHandle STRIPE = stripeHandle();
  private static final int CLOSED = -1;

  private final Binding<S> binding;
  private final Taker taker;
  private volatile int stripe;

  PinnedLease(Binding<S> binding, int stripe) {
    this.binding = binding;
    this.taker = binding.note(Holder.Kind.LEASE);
    STRIPE.set(this, stripe); // plain: a lease handed to another thread is handed over safely
  }

  @Override
  public S service() {
    if (stripe == CLOSED) {
      throw new IllegalStateException(
          "the lease on " + binding + " is closed; take a new one for every piece of work");
    }
    return binding.service;
  }

  @Override
  public Generation generation() {
    return binding.generation();
  }

  @Override
  public void close() {
    int open = (int) STRIPE.getAndSet(this, CLOSED);
    if (open != CLOSED) {
      binding.strike(taker);
      binding.exitShared(open);
    }
  }

  private static VarHandle stripeHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(PinnedLease.class, "stripe", int.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
