package dev.hotswap.core;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is offered, the slots that callers go by, and the one write that turns them. Its lock orders
 * those who change the {@link World}; no foreign code runs under it. Thread-safe where it does not
 * say that it needs the lock.
 */
final class Board {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Slots slots = new Slots();
  private final Offers offers = new Offers();
  private volatile Consumer<Set<Class<?>>> watcher;
  private boolean closed;

  private volatile long version;

  /**
   * @param watcher as of {@link World}
   */
  Board(Consumer<Set<Class<?>>> watcher) {
    this.watcher = watcher;
  }

  /** Does the work under the lock. */
  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Changes something under the lock, and answers the contracts that it touches. */
  void change(Supplier<Set<Class<?>>> work) {
    tell(locked(work));
  }

  /** Rises by one with each publish; needs no lock. */
  long version() {
    return version;
  }

  /** Every slot; under the lock. */
  Slots slots() {
    return slots;
  }

  /** What current generations offer; under the lock. */
  Offers offers() {
    return offers;
  }

  /** Whether nothing is offered any more, for good; under the lock. */
  boolean isClosed() {
    return closed;
  }

  /** Puts it among what is offered, unless it is too late for that; under the lock. */
  void enter(Binding<?> binding) {
    if (!closed) {
      offers.enter(binding);
    }
  }

  /** Has the callers of the contracts go by what is offered now; under the lock. */
  void write(Collection<Class<?>> contracts) {
    long next = version + 1;
    List<Slot> moving = slots.prepare(contracts, offers, next);
    version = next; // the one write: from here on callers go by what is offered now
    moving.forEach(Slot::settle);
    signal();
  }

  /** Has those who wait look again; under the lock. */
  void signal() {
    changed.signalAll();
  }

  /** Tells the watcher; not under the lock, because that is foreign code. */
  void tell(Set<Class<?>> contracts) {
    watcher.accept(contracts);
  }

  /**
   * Waits until it is so, or never will be.
   *
   * @param so looked at under the lock, as is the next
   * @param hopeless whether to wait no longer
   * @return whether it is so at the end
   */
  boolean await(BooleanSupplier so, BooleanSupplier hopeless, long nanos)
      throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (!so.getAsBoolean() && !hopeless.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return so.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Offers nothing any more, for good. The watcher is let go: somebody may keep a handle, and with
   * it this, long after the framework that the watcher belongs to.
   */
  void close() {
    lock.lock();
    try {
      closed = true;
      watcher = contracts -> {};
      offers.close();
      write(slots.contracts());
    } finally {
      lock.unlock();
    }
  }
}
