package dev.hotswap.core;

import dev.hotswap.api.Call;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Use;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The handle of one choice and its slot in the {@link World}. {@link #with} is the call path: the
 * owner lane is small enough to be inlined into the caller, everything else is out of line.
 */
final class SlotHandle<S> implements Handle<S>, Slot {
  private final World world;
  private final Choice<S> choice;
  private final Class<S> contract;
  private final AtomicReference<S> proxy = new AtomicReference<>();
  private volatile Binding<S> current;

  SlotHandle(World world, Choice<S> choice, Binding<S> current) {
    this.world = world;
    this.choice = choice;
    this.contract = choice.contract();
    this.current = current;
  }

  @Override
  public Class<S> contract() {
    return contract;
  }

  World world() {
    return world;
  }

  /** The binding that a call made now is answered by. */
  Binding<S> current() {
    return current.settled();
  }

  /** What it goes by. */
  Choice<S> choice() {
    return choice;
  }

  /** Which filter it has. */
  ServiceFilter filter() {
    return choice.filter();
  }

  @Override
  public boolean isAnsweredBy(LiveGeneration generation) {
    return current().live() == generation;
  }

  @Override
  public boolean tryPrepare(Offers offers, long version) {
    Binding<S> next = offers.best(choice);
    boolean moves = current() != next;
    if (moves) {
      current = new Pending<>(world, version, current, next);
    }
    return moves;
  }

  @Override
  public void settle() {
    current = current.settled();
  }

  @Override
  public <R, X extends Exception> R with(Call<? super S, ? extends R, X> call) throws X {
    Binding<S> binding = current;
    Thread thread = Thread.currentThread();
    int stripe = Pins.stripeOf(thread);
    long[] cells = binding.cells();
    long seat = Pins.tryEnterOwner(cells, stripe, thread);
    if (Pins.isSeat(seat)) {
      // a swap between the two looks may have scanned before it could see this owner
      if (current == binding) {
        try {
          return call.call(binding.service);
        } catch (Throwable thrown) {
          binding.countThrown();
          throw thrown;
        } finally {
          binding.exitOwner(cells, stripe, seat);
        }
      }
      binding.backOutOwner(cells, stripe, seat);
    }
    return withShared(call);
  }

  private <R, X extends Exception> R withShared(Call<? super S, ? extends R, X> call) throws X {
    Thread thread = Thread.currentThread();
    int stripe = Pins.stripeOf(thread);
    Binding<S> binding = pin(stripe);
    Claim claim = null;
    try {
      claim = binding.tryOwn(stripe, thread);
      return binding.isTracked() ? callTracked(binding, call) : call.call(binding.service);
    } catch (Throwable thrown) {
      binding.countThrown();
      throw thrown;
    } finally {
      end(binding, claim, thread);
      binding.exitShared(stripe);
    }
  }

  private static void end(Binding<?> binding, Claim claim, Thread thread) {
    if (claim == null) {
      binding.settleVirtual(thread);
    } else {
      claim.settle();
    }
  }

  private static <S, R, X extends Exception> R callTracked(
      Binding<S> binding, Call<? super S, ? extends R, X> call) throws X {
    Taker taker = binding.note(Holder.Kind.CALL);
    try {
      return call.call(binding.service);
    } finally {
      binding.strike(taker);
    }
  }

  /** {@link #with} once more: handed on as a capturing lambda, each use costs 1 ns and more. */
  @Override
  public <X extends Exception> void use(Use<? super S, X> use) throws X {
    Binding<S> binding = current;
    Thread thread = Thread.currentThread();
    int stripe = Pins.stripeOf(thread);
    long[] cells = binding.cells();
    long seat = Pins.tryEnterOwner(cells, stripe, thread);
    if (Pins.isSeat(seat)) {
      if (current == binding) {
        try {
          use.use(binding.service);
          return;
        } catch (Throwable thrown) {
          binding.countThrown();
          throw thrown;
        } finally {
          binding.exitOwner(cells, stripe, seat);
        }
      }
      binding.backOutOwner(cells, stripe, seat);
    }
    this.<Void, X>withShared(
        service -> {
          use.use(service);
          return null;
        });
  }

  @Override
  public Lease<S> lease() {
    int stripe = Pins.stripeOf(Thread.currentThread());
    return new PinnedLease<>(pin(stripe), stripe);
  }

  @Override
  public S proxy() {
    if (!contract.isInterface()) {
      throw new IllegalStateException(
          contract.getName() + " is a class; only an interface can have a proxy. Use with().");
    }
    if (proxy.get() == null) {
      proxy.compareAndSet(null, ProxyClass.proxy(this)); // made twice by two threads, kept once
    }
    return proxy.get();
  }

  /** What the next step, {@link #tryEnterOwner}, is to look at twice. */
  Binding<S> look() {
    return current;
  }

  /**
   * The entry of {@link #with} as a step of its own, for callers that are no lambda. Where it
   * answers with no seat, {@link #enterShared} comes next; {@link #leave} ends either.
   */
  long tryEnterOwner(Binding<?> seen) {
    Thread thread = Thread.currentThread();
    int stripe = Pins.stripeOf(thread);
    long[] cells = seen.cells();
    long seat = Pins.tryEnterOwner(cells, stripe, thread);
    if (Pins.isSeat(seat) && current != seen) {
      seen.backOutOwner(cells, stripe, seat);
      return Pins.NO_SEAT;
    }
    return seat;
  }

  /**
   * By the shared lane. Asks for thread and stripe again: kept alive for this, they would cost the
   * owner lane.
   */
  Binding<S> enterShared() {
    Thread thread = Thread.currentThread();
    int stripe = Pins.stripeOf(thread);
    Binding<S> binding = pin(stripe);
    Claim claim = null;
    try {
      claim = binding.tryOwn(stripe, thread);
      binding.noteCall();
    } catch (Throwable thrown) {
      end(binding, claim, thread);
      binding.exitShared(stripe);
      throw thrown;
    }
    return binding;
  }

  /** Ends a call, on the thread that began it. */
  static void leave(Binding<?> entered, long seat) {
    int stripe = Pins.stripeOf(Thread.currentThread());
    if (Pins.isSeat(seat)) {
      entered.exitOwner(entered.cells(), stripe, seat);
    } else {
      leaveShared(entered, stripe);
    }
  }

  private static void leaveShared(Binding<?> entered, int stripe) {
    endCall(entered, stripe);
    entered.exitShared(stripe);
  }

  /** What the entry by the shared lane has noted; the pin is still there. */
  private static void endCall(Binding<?> entered, int stripe) {
    entered.strikeCall();
    entered.settle(stripe, Thread.currentThread());
  }

  /** Makes the call a lease, which ends when the stage completes. */
  static void leaveWhenComplete(CompletionStage<?> stage, Binding<?> entered, long seat) {
    int stripe = Pins.stripeOf(Thread.currentThread());
    if (Pins.isSeat(seat)) {
      try {
        entered.enterSharedAgain(stripe);
      } finally {
        entered.backOutOwner(entered.cells(), stripe, seat); // the lease will be counted
      }
    } else {
      endCall(entered, stripe);
    }
    Lease<?> lease = new PinnedLease<>(entered, stripe);
    boolean pending = false;
    try {
      stage.whenComplete((value, thrown) -> lease.close());
      pending = true; // only now: a stage that takes no callbacks would never close the lease
    } finally {
      if (!pending) {
        lease.close();
      }
    }
  }

  /** Enters the newest binding by the shared lane; waits where there is none. */
  private Binding<S> pin(int stripe) {
    long since = 0;
    while (true) {
      Binding<S> binding = current();
      // refused: it was retired after the look, and the slot already holds its successor
      if (binding.tryEnterShared(stripe)) {
        return binding;
      }
      if (isAbsent(binding)) {
        Optional<Binding<S>> again = world.tryEnterAgain(this, stripe);
        if (again.isPresent()) {
          return again.get();
        }
        since = since == 0 ? System.nanoTime() | 1 : since; // never 0: that is not yet
        world.awaitProvider(this, since);
      }
    }
  }

  static boolean isAbsent(Binding<?> binding) {
    return binding == Binding.ABSENT;
  }

  @Override
  public String toString() {
    return "handle of " + choice;
  }
}
