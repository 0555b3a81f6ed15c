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
import java.util.function.Consumer;

/**
 * What every call goes by: for each handle the binding that answers it.
 *
 * <p><b>A publish is one write</b>, of the version, for however many slots it moves: each of them
 * first gets a {@link Pending} that means the old binding until the world has that version and the
 * new one from then on; afterwards each is replaced by the new binding itself. So a thread that has
 * seen one new binding sees all of them, and a joint lease that finds the same version before its
 * first pin and after its last holds the services of one publish.
 *
 * <p>A lock orders those who change the world; callers take it only when there is nothing to call.
 * No foreign code runs under it.
 */
public final class World {
  private final long availabilityNanos;
  private final boolean leaseTracking;
  private final Board board;
  private final Withdrawals withdrawals;
  private final Holding holding;

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
   *     the thread that changes them and under no lock; {@link #provides} has the answer; let go at
   *     the close
   */
  public World(Duration availability, boolean leaseTracking, Consumer<Set<Class<?>>> watcher) {
    this.availabilityNanos = availability.toNanos();
    this.leaseTracking = leaseTracking;
    this.board = new Board(watcher);
    this.withdrawals = new Withdrawals(board);
    this.holding = new Holding(board, leaseTracking);
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
    return board.locked(() -> asked(slot(new Choice<>(contract, filter))));
  }

  private <T extends Slot> T asked(T slot) {
    board.slots().asked(slot);
    return slot;
  }

  /**
   * The same as {@link #handle(Class)}, for Hotswap's own use: that it asks does not make a
   * contract one that the next generation has to offer too.
   */
  public <S> Handle<S> ownHandle(Class<S> contract) {
    return board.locked(() -> slot(new Choice<>(contract, ServiceFilter.ANY)));
  }

  /**
   * As {@link #ownHandle(Class)}, for those of one company: while nothing current provides the
   * contract they are answered by what is staged with them. Nobody else may have it. It works until
   * all of them are gone.
   */
  public <S> Handle<S> ownHandle(Class<S> contract, Company company) {
    return board.locked(() -> slot(new Choice<>(contract, ServiceFilter.ANY, company)));
  }

  private <S> SlotHandle<S> slot(Choice<S> wanted) {
    return board
        .slots()
        .handle(wanted, choice -> new SlotHandle<>(this, choice, board.offers().best(choice)));
  }

  /** The handle on all services of a contract that pass a filter; the same one every time. */
  public <S> Handles<S> handles(Class<S> contract, ServiceFilter filter) {
    return board.locked(() -> asked(slots(new Choice<>(contract, filter))));
  }

  private <S> SlotHandles<S> slots(Choice<S> wanted) {
    return board
        .slots()
        .handles(wanted, choice -> new SlotHandles<>(this, choice, board.offers().all(choice)));
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
    return board.version();
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
    board.change(() -> offer(binding));
    return binding;
  }

  private Set<Class<?>> offer(Binding<?> binding) {
    LiveGeneration generation = binding.live();
    generation.add(binding);
    boolean reached = generation.isCurrent() && !generation.isVeiled() && !board.isClosed();
    if (reached) {
      board.enter(binding);
    }
    if (reached || board.slots().areOfCompany(binding.contract())) {
      board.write(Set.of(binding.contract()));
    } else {
      board.signal();
    }
    return reached ? Set.of(binding.contract()) : Set.of();
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
    board.locked(
        () -> {
          note.run();
          board.signal();
          return note;
        });
  }

  /** Whether a current generation offers the contract, and is not about to leave. */
  public boolean provides(Class<?> contract) {
    return board.locked(() -> board.offers().provide(contract));
  }

  /** Changes a service's ranking and properties; the next calls go by them. */
  public void describe(Binding<?> binding, int ranking, Map<String, Object> properties) {
    board.locked(
        () -> {
          binding.latest().describe(ranking, properties);
          board.write(Set.of(binding.contract()));
          return binding;
        });
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
    return withdrawals.withdraw(List.of(binding), limit);
  }

  /** Takes everything back that a generation offers; as {@link #withdraw(Binding, Duration)}. */
  public boolean withdraw(LiveGeneration generation, Duration limit) {
    return withdrawals.withdraw(generation.bindings(), limit);
  }

  /**
   * Has the watcher told that a generation leaves without a successor, while calls still reach it:
   * those who use it through the watcher's doing can end in order.
   */
  void announceLeave(LiveGeneration generation) {
    withdrawals.announce(generation.bindings());
  }

  /**
   * Waits until a staged generation offers all of the contracts, or one at least where none is
   * named.
   *
   * @return whether it does
   */
  boolean awaitOffers(LiveGeneration generation, Set<Class<?>> contracts, Duration limit)
      throws InterruptedException {
    return board.await(
        () -> offers(generation, contracts),
        () -> !generation.misfits().isEmpty() || !generation.troubles().isEmpty(),
        limit.toNanos());
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
    List<Change> incomplete = new ArrayList<>();
    board.change(
        () -> {
          changes.stream().filter(World::isIncomplete).findFirst().ifPresent(incomplete::add);
          return incomplete.isEmpty() ? carryOut(changes, leaving) : Set.of();
        });
    return incomplete.stream().findFirst();
  }

  private static boolean isIncomplete(Change change) {
    return change.mustOffer() && !offers(change.next(), change.needed());
  }

  private Set<Class<?>> carryOut(List<Change> changes, List<LiveGeneration> leaving) {
    List<LiveGeneration> from = new ArrayList<>(leaving);
    List<LiveGeneration> to = new ArrayList<>();
    for (Change change : changes) {
      change.old().ifPresent(from::add);
      to.add(change.next());
    }
    return move(from, to);
  }

  /** Publishes in one write: all of {@code from} leave, all of {@code to} take their places. */
  void publish(Collection<LiveGeneration> from, Collection<LiveGeneration> to) {
    board.change(() -> move(from, to));
  }

  /**
   * Has new callers wait, without telling anybody that the contracts are not provided: the next
   * publish is near. Those inside finish, and may call what is held meanwhile, until {@link
   * #awaitDrained} or {@link #seal}; {@link #resume} is the way back.
   *
   * @param insiders tells who comes from inside
   */
  void hold(List<LiveGeneration> generations, Insiders insiders) {
    holding.hold(generations, insiders);
  }

  /**
   * Waits until nobody is inside any of the held generations; from then on nobody is let in.
   *
   * @return false when the time is up first
   */
  boolean awaitDrained(List<LiveGeneration> held, Duration limit) throws InterruptedException {
    return holding.awaitDrained(held, limit);
  }

  /** From now on nobody enters what is held, wherever he comes from. Idempotent. */
  void seal() {
    holding.seal();
  }

  /**
   * Lets the calling thread in where it comes from inside of what is held, and would wait for
   * itself. Whoever got a binding leaves it by {@link Pins#exitShared}.
   */
  <S> Optional<Binding<S>> tryEnterAgain(SlotHandle<S> slot, int stripe) {
    return holding.tryEnterAgain(slot.choice(), stripe);
  }

  /**
   * Releases held callers to the generations that were held, in one write: to what those offer by
   * now, which may have come meanwhile.
   */
  void resume(List<LiveGeneration> generations) {
    board.change(
        () -> {
          holding.sealAll();
          generations.forEach(holding::reopen);
          return move(List.of(), generations);
        });
  }

  /**
   * Releases held callers to a generation that has come back late, unless another has taken its
   * place by now.
   *
   * @return whether it is current
   */
  boolean tryRelease(LiveGeneration generation) {
    Optional<Set<Class<?>>> touched =
        board.locked(
            () -> generation.isCurrent() ? Optional.of(release(generation)) : Optional.empty());
    touched.ifPresent(board::tell);
    return touched.isPresent();
  }

  private Set<Class<?>> release(LiveGeneration generation) {
    holding.reopen(generation);
    return move(List.of(), List.of(generation));
  }

  /**
   * Makes a held generation current again that is not ready for callers yet: what it offers reaches
   * them with the publish that names it.
   */
  void veil(LiveGeneration generation) {
    holding.veil(generation);
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
    board.change(
        () -> {
          Set<Class<?>> touched = holding.reopen(generation);
          board.write(touched);
          return touched;
        });
  }

  private Set<Class<?>> move(Collection<LiveGeneration> from, Collection<LiveGeneration> to) {
    Set<Class<?>> touched = new HashSet<>();
    List<Binding<?>> leaving = bindings(from, Stage.DRAINING);
    List<Binding<?>> entering = bindings(to, Stage.CURRENT);
    Seniority.handOver(leaving, entering);
    for (Binding<?> binding : leaving) {
      board.offers().leave(binding);
      touched.add(binding.contract());
    }
    for (Binding<?> binding : entering) {
      board.enter(binding);
      touched.add(binding.contract());
    }
    board.write(touched);
    return touched;
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
    board.close();
  }

  /** The contracts for which callers, if there are any, are answered by this generation now. */
  Set<Class<?>> answeredBy(LiveGeneration generation) {
    return board.locked(() -> board.slots().answeredBy(generation));
  }

  /**
   * Waits until something answers the slot.
   *
   * @param since when the call that waits has begun to: however often it is woken, and what has
   *     come is gone again, it waits no longer than the availability time
   * @throws NoGenerationException when that is over, the world is closed, or the thread is
   *     interrupted, which it stays
   */
  void awaitProvider(SlotHandle<?> slot, long since) {
    boolean provided = false;
    try {
      // decided there: what has come may go again before the caller enters it, and then it waits on
      provided =
          board.await(
              () -> !SlotHandle.isAbsent(slot.current()),
              board::isClosed,
              availabilityNanos - (System.nanoTime() - since));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!provided) {
      Duration waited = Duration.ofNanos(System.nanoTime() - since);
      throw new NoGenerationException(slot.contract().getName(), slot.filter().text(), waited);
    }
  }
}
