package dev.hotswap.core;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What every call goes by: for each handle the binding that answers it.
 *
 * <p><b>A publish is one write</b>, of {@code version}, for however many slots it moves: each of
 * them first gets a {@link Pending} that means the old binding until the world has that version and
 * the new one from then on; afterwards each is replaced by the new binding itself. So a thread that
 * has seen one new binding sees all of them, and a joint lease that finds the same version before
 * its first pin and after its last holds the services of one publish.
 *
 * <p>The lock orders those who change the world; callers take it only when there is nothing to
 * call. No foreign code runs under it.
 */
public final class World {
  private final long availabilityNanos;
  private final boolean leaseTracking;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Slots slots = new Slots();
  private final Offers offers = new Offers();
  private final Consumer<Set<Class<?>>> watcher;
  private boolean closed;

  private volatile long version;

  /**
   * @param availability how long a call waits when nothing provides its contract
   */
  public World(Duration availability) {
    this(availability, false, contracts -> {});
  }

  /**
   * @param availability how long a call waits when nothing provides its contract
   * @param leaseTracking whether leases, and calls by the shared lane, are noted one by one
   */
  public World(Duration availability, boolean leaseTracking) {
    this(availability, leaseTracking, contracts -> {});
  }

  /**
   * @param availability how long a call waits when nothing provides its contract
   * @param leaseTracking whether leases, and calls by the shared lane, are noted one by one
   * @param watcher told which contracts have got or lost providers, or are about to lose them, on
   *     the thread that changes them and under no lock; {@link #provides} has the answer
   */
  public World(Duration availability, boolean leaseTracking, Consumer<Set<Class<?>>> watcher) {
    this.availabilityNanos = availability.toNanos();
    this.leaseTracking = leaseTracking;
    this.watcher = watcher;
  }

  /** How callers pin on this machine: {@code asymmetric} or {@code fenced}. */
  public static String lane() {
    return Pins.lane();
  }

  /** The handle of a contract; the same one every time. */
  public <S> Handle<S> handle(Class<S> contract) {
    return handle(contract, ServiceFilter.ANY);
  }

  /** The handle of those services of a contract that pass a filter; the same one every time. */
  public <S> Handle<S> handle(Class<S> contract, ServiceFilter filter) {
    lock.lock();
    try {
      SlotHandle<S> slot = slot(new Choice<>(contract, filter));
      slots.asked(slot);
      return slot;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The same as {@link #handle(Class)}, for Hotswap's own use: that it asks does not make a
   * contract one that the next generation has to offer too.
   */
  public <S> Handle<S> ownHandle(Class<S> contract) {
    lock.lock();
    try {
      return slot(new Choice<>(contract, ServiceFilter.ANY));
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #ownHandle(Class)}, for those of one company: while nothing current provides the
   * contract they are answered by what is staged with them. Nobody else may have it. It works until
   * all of them are gone.
   */
  public <S> Handle<S> ownHandle(Class<S> contract, Company company) {
    lock.lock();
    try {
      return slot(new Choice<>(contract, ServiceFilter.ANY, company));
    } finally {
      lock.unlock();
    }
  }

  private <S> SlotHandle<S> slot(Choice<S> wanted) {
    return slots.handle(wanted, choice -> new SlotHandle<>(this, choice, offers.best(choice)));
  }

  /** The handle on all services of a contract that pass a filter; the same one every time. */
  public <S> Handles<S> handles(Class<S> contract, ServiceFilter filter) {
    lock.lock();
    try {
      SlotHandles<S> slot =
          slots.handles(
              new Choice<>(contract, filter),
              choice -> new SlotHandles<>(this, choice, offers.all(choice)));
      slots.asked(slot);
      return slot;
    } finally {
      lock.unlock();
    }
  }

  /**
   * One lease over several handles, whose services all come from one publish.
   *
   * @throws NoGenerationException when one of them has no provider within the availability time
   * @throws IllegalArgumentException when a handle belongs to another world
   */
  public JointLease lease(Collection<? extends Handle<?>> handles) {
    List<SlotHandle<?>> wanted = new ArrayList<>();
    for (Handle<?> handle : handles) {
      if (!(handle instanceof SlotHandle<?> slot) || slot.world() != this) {
        throw new IllegalArgumentException(
            "the handle of " + handle.contract().getName() + " belongs to another host");
      }
      wanted.add(slot);
    }
    return PinnedJointLease.take(this, List.copyOf(wanted));
  }

  /** Rises by one with each publish. */
  long version() {
    return version;
  }

  /** Offers a service that has no properties for filters to see. */
  public <S> Binding<S> offer(
      LiveGeneration generation, Class<S> contract, S service, ServiceRank rank) {
    return offer(generation, contract, service, rank, Map.of());
  }

  /**
   * Offers a service of a generation; reaches callers at once where the generation is current.
   *
   * @param properties what filters are asked about; holds no foreign objects, and does not change
   */
  public <S> Binding<S> offer(
      LiveGeneration generation,
      Class<S> contract,
      S service,
      ServiceRank rank,
      Map<String, Object> properties) {
    Binding<S> binding =
        new Binding<>(contract, service, generation, rank, Takers.of(leaseTracking));
    binding.describe(rank.ranking(), properties); // before anybody else has it
    boolean reached;
    lock.lock();
    try {
      generation.add(binding);
      reached = generation.isCurrent() && !generation.isVeiled() && !closed;
      if (reached) {
        offers.enter(binding);
      }
      if (reached || slots.areOfCompany(contract)) {
        write(Set.of(contract));
      } else {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (reached) {
      watcher.accept(Set.of(contract));
    }
    return binding;
  }

  /** Notes a service of a generation that has a contract's name and is not of its type. */
  public void misfit(LiveGeneration generation, String contract, String provider, String reason) {
    note(() -> generation.misfit(contract, provider, reason));
  }

  /** Notes why a service of a generation that should be there is not, in words. */
  public void trouble(LiveGeneration generation, String trouble) {
    note(() -> generation.trouble(trouble));
  }

  /** A swap that waits for offers need not wait any longer. */
  private void note(Runnable note) {
    lock.lock();
    try {
      note.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a current generation offers the contract, and is not about to leave. */
  public boolean provides(Class<?> contract) {
    lock.lock();
    try {
      return offers.provide(contract);
    } finally {
      lock.unlock();
    }
  }

  /** Changes a service's ranking and properties; the next calls go by them. */
  public void describe(Binding<?> binding, int ranking, Map<String, Object> properties) {
    lock.lock();
    try {
      binding.latest().describe(ranking, properties);
      write(Set.of(binding.contract()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes an offer back: new calls go elsewhere, and when this returns true the last one on it has
   * ended. To be called before the service goes away. A call from inside which this is called is
   * not waited for, where it is known to be this thread's.
   *
   * @param limit how long to wait for the calls in flight
   * @return false when calls are still in flight, or the wait was interrupted
   */
  public boolean withdraw(Binding<?> binding, Duration limit) {
    return withdraw(List.of(binding), limit);
  }

  /** Takes everything back that a generation offers; as {@link #withdraw(Binding, Duration)}. */
  public boolean withdraw(LiveGeneration generation, Duration limit) {
    return withdraw(generation.bindings(), limit);
  }

  private boolean withdraw(List<Binding<?>> bindings, Duration limit) {
    announceLeave(bindings);
    // one that had left before has been waited for: not once more
    List<Binding<?>> left = leave(bindings);
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

  /**
   * Has the watcher told that a generation leaves without a successor, while calls still reach it:
   * those who use it through the watcher's doing can end in order.
   */
  void announceLeave(LiveGeneration generation) {
    announceLeave(generation.bindings());
  }

  private void announceLeave(List<Binding<?>> bindings) {
    Set<Class<?>> touched = new HashSet<>();
    lock.lock();
    try {
      for (Binding<?> binding : bindings) {
        if (offers.announceLeave(binding.latest())) {
          touched.add(binding.contract());
        }
      }
    } finally {
      lock.unlock();
    }
    watcher.accept(touched);
  }

  /** Answers those of them that were still offered. */
  private List<Binding<?>> leave(List<Binding<?>> bindings) {
    List<Binding<?>> left = new ArrayList<>();
    lock.lock();
    try {
      Set<Class<?>> touched = new HashSet<>();
      for (Binding<?> given : bindings) {
        Binding<?> binding = given.latest();
        // out of the generation too, or a publish that comes now would enter it again
        boolean offered = binding.live().leave(binding);
        if (offered) {
          left.add(binding);
        }
        if (offers.leave(binding) || offered && slots.areOfCompany(binding.contract())) {
          touched.add(binding.contract());
        }
      }
      if (!touched.isEmpty()) { // or a staged set would have to look whether it is stale
        write(touched);
      }
    } finally {
      lock.unlock();
    }
    return left;
  }

  /**
   * Waits until a staged generation offers all of the contracts, or one at least where none is
   * named.
   *
   * @return whether it does
   */
  boolean awaitOffers(LiveGeneration generation, Set<Class<?>> contracts, Duration limit)
      throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!offers(generation, contracts)) {
        if (left <= 0 || !generation.misfits().isEmpty() || !generation.troubles().isEmpty()) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static boolean offers(LiveGeneration generation, Set<Class<?>> contracts) {
    List<Class<?>> offered = generation.contracts();
    return !offered.isEmpty() && offered.containsAll(contracts);
  }

  /**
   * Publishes what is staged, unless one of them has stopped offering what is needed of it.
   *
   * @param leaving whose places nothing takes
   * @return the first that has; empty when all of it is published
   */
  Optional<Change> tryPublish(List<Change> changes, List<LiveGeneration> leaving) {
    List<LiveGeneration> from = new ArrayList<>(leaving);
    List<LiveGeneration> to = new ArrayList<>();
    Set<Class<?>> touched;
    lock.lock();
    try {
      for (Change change : changes) {
        if (change.mustOffer() && !offers(change.next(), change.needed())) {
          return Optional.of(change);
        }
        change.old().ifPresent(from::add);
        to.add(change.next());
      }
      touched = move(from, to);
    } finally {
      lock.unlock();
    }
    watcher.accept(touched);
    return Optional.empty();
  }

  /**
   * Has new callers wait, without telling anybody that the contracts are not provided: the next
   * publish is near. Those inside finish; {@link #resume} is the way back.
   */
  void hold(List<LiveGeneration> generations) {
    List<Binding<?>> bindings = new ArrayList<>();
    lock.lock();
    try {
      Set<Class<?>> touched = new HashSet<>();
      for (LiveGeneration generation : generations) {
        generation.stage(Stage.DRAINING);
        generation.holdOffers();
        for (Binding<?> binding : generation.bindings()) {
          offers.leave(binding);
          touched.add(binding.contract());
          bindings.add(binding);
        }
      }
      write(touched);
    } finally {
      lock.unlock();
    }
    bindings.forEach(Binding::retire);
  }

  /** Releases held callers to the generations that were held. */
  void resume(List<LiveGeneration> generations) {
    for (LiveGeneration generation : generations) {
      lock.lock();
      try {
        generation.releaseOffers();
        generation.stage(Stage.CURRENT);
      } finally {
        lock.unlock();
      }
      reopen(generation);
    }
  }

  /**
   * Makes a held generation current again that is not ready for callers yet: what it offers reaches
   * them with the publish that names it.
   */
  void veil(LiveGeneration generation) {
    lock.lock();
    try {
      generation.veil(true);
      generation.stage(Stage.CURRENT);
    } finally {
      lock.unlock();
    }
  }

  /** Publishes in one write: all of {@code from} leave, all of {@code to} take their places. */
  void publish(Collection<LiveGeneration> from, Collection<LiveGeneration> to) {
    Set<Class<?>> touched;
    lock.lock();
    try {
      touched = move(from, to);
    } finally {
      lock.unlock();
    }
    watcher.accept(touched);
  }

  private Set<Class<?>> move(Collection<LiveGeneration> from, Collection<LiveGeneration> to) {
    Set<Class<?>> touched = new HashSet<>();
    List<Binding<?>> leaving = bindings(from, Stage.DRAINING);
    List<Binding<?>> entering = bindings(to, Stage.CURRENT);
    Seniority.handOver(leaving, entering);
    for (Binding<?> binding : leaving) {
      offers.leave(binding);
      touched.add(binding.contract());
    }
    for (Binding<?> binding : entering) {
      if (!closed) {
        offers.enter(binding);
      }
      touched.add(binding.contract());
    }
    write(touched);
    return touched;
  }

  /**
   * Lets callers into a generation again that was closed: each service it offers gets a fresh
   * binding, since pins that were retired stay so. Whoever holds a binding from before goes on to
   * name the service by it, as {@link #withdraw} and {@link #describe} do. Callers come with the
   * publish that makes it current; at once where it is current.
   *
   * <p>Calls on the bindings before simply go on; they are waited for, and named as holders, as
   * long as the generation lives.
   */
  void reopen(LiveGeneration generation) {
    Set<Class<?>> touched;
    lock.lock();
    try {
      touched = new HashSet<>(generation.contracts());
      generation.reopen(this::reopened);
      write(touched);
    } finally {
      lock.unlock();
    }
    watcher.accept(touched);
  }

  private Binding<?> reopened(Binding<?> retired) {
    Binding<?> fresh = retired.reopened(Takers.of(leaseTracking));
    offers.leave(retired);
    if (retired.live().isCurrent() && !retired.live().isVeiled() && !closed) {
      offers.enter(fresh);
    }
    return fresh;
  }

  private List<Binding<?>> bindings(Collection<LiveGeneration> generations, Stage stage) {
    List<Binding<?>> moving = new ArrayList<>();
    for (LiveGeneration generation : generations) {
      generation.stage(stage);
      List<Binding<?>> offered = generation.bindings();
      moving.addAll(offered);
      // what was held may have unregistered meanwhile; its seniority counts
      List<Binding<?>> before = generation.releaseOffers();
      if (stage == Stage.DRAINING) {
        before.stream().filter(binding -> !offered.contains(binding)).forEach(moving::add);
      } else if (!before.isEmpty()) {
        Seniority.handOver(before, offered); // it comes back, with other services
      }
      generation.veil(false);
    }
    return moving;
  }

  /** Fails waiting calls and those to come; those in flight finish. */
  void close() {
    lock.lock();
    try {
      closed = true;
      offers.close();
      write(slots.contracts());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The contracts for which callers, if there are any, are answered by this generation now. */
  Set<Class<?>> answeredBy(LiveGeneration generation) {
    lock.lock();
    try {
      return slots.answeredBy(generation);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until something answers the slot.
   *
   * @throws NoGenerationException when the availability time is over, the world is closed, or the
   *     thread is interrupted, which it stays
   */
  void awaitProvider(SlotHandle<?> slot) {
    long start = System.nanoTime();
    boolean provided = false;
    lock.lock();
    try {
      long left = availabilityNanos;
      while (SlotHandle.isAbsent(slot.current()) && left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
      // decided here: what has come may go again before the caller enters it, and then it waits on
      provided = !SlotHandle.isAbsent(slot.current());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    if (!provided) {
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      throw new NoGenerationException(slot.contract().getName(), slot.filter().text(), waited);
    }
  }

  private void write(Collection<Class<?>> contracts) {
    long next = version + 1;
    List<Slot> moving = slots.prepare(contracts, offers, next);
    version = next; // the one write: from here on callers go by what is offered now
    moving.forEach(Slot::settle);
    changed.signalAll();
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
