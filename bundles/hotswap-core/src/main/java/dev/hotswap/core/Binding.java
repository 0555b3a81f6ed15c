package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * One service object that one generation offers for one contract, with the pins of those who are
 * calling it: a subclass of {@link Pins} rather than its owner, because each step from object to
 * object shows in the cost of a call.
 *
 * @param <S> the contract
 */
public sealed class Binding<S> extends Pins permits Pending {
  /** OSGi's choice: the highest ranking, then the lowest service id, or what was inherited. */
  static final Comparator<Binding<?>> BEST_FIRST =
      Comparator.<Binding<?>>comparingInt(binding -> binding.ranking)
          .reversed()
          .thenComparingLong(Binding::seniority);

  /** Stands where nothing is provided. Nobody can enter it. */
  static final Binding<Object> ABSENT = absent();

  final S service;
  private final Class<S> contract;
  private final LiveGeneration generation;
  private final long serviceId;
  private final Takers takers;
  private WeakReference<Class<?>> plain;
  // these change under the world's lock, which reads them too
  private int ranking;
  private long seniority;
  private Map<String, Object> properties = Map.of();
  private Binding<S> before;
  private volatile Binding<S> after;

  /**
   * @param takers where those who come in by the shared lane are noted, or {@link Takers#UNTRACKED}
   */
  Binding(
      Class<S> contract, S service, LiveGeneration generation, ServiceRank rank, Takers takers) {
    this.takers = takers;
    this.contract = contract;
    this.service = service;
    this.generation = generation;
    this.serviceId = rank.serviceId();
    this.seniority = serviceId;
    this.ranking = rank.ranking();
  }

  /** One that nobody can enter. */
  Binding(Class<S> contract) {
    super(ABSENT);
    this.takers = Takers.UNTRACKED;
    this.contract = contract;
    this.service = null;
    this.generation = null;
    this.serviceId = 0;
  }

  private static Binding<Object> absent() {
    Binding<Object> absent =
        new Binding<>(Object.class, null, null, new ServiceRank(0, 0), Takers.UNTRACKED);
    absent.retire();
    return absent;
  }

  /**
   * Whether an answer is a stage. The class of one that was not is known again: to find that an
   * object does not implement an interface takes JDK 17 some 15 ns.
   */
  boolean isStage(Object answer) {
    WeakReference<Class<?>> known = plain;
    if (answer == null || known != null && known.refersTo(answer.getClass())) {
      return false;
    }
    return askWhetherStage(answer);
  }

  private boolean askWhetherStage(Object answer) {
    boolean isStage = answer instanceof CompletionStage;
    if (!isStage && (plain == null || plain.refersTo(null))) {
      plain = new WeakReference<>(answer.getClass()); // weak: it may be another generation's
    }
    return isStage;
  }

  /** What a caller goes by at this moment. */
  Binding<S> settled() {
    return this;
  }

  /** The contract it is offered for. */
  public Class<S> contract() {
    return contract;
  }

  /** Whose it is. */
  public LiveGeneration live() {
    return generation;
  }

  Generation generation() {
    return generation.generation();
  }

  /** Whether those who come in by the shared lane are noted one by one. */
  boolean isTracked() {
    return takers != Takers.UNTRACKED;
  }

  /** Notes, where it is tracked, that the thread has taken a pin by the shared lane. */
  Taker note(Holder.Kind kind) {
    return isTracked() ? takers.note(kind) : null;
  }

  /** The same of a call that ends on this thread, and does not keep the note. */
  void noteCall() {
    if (isTracked()) {
      takers.noteCall();
    }
  }

  /** Takes the last of those back, before the pin is given back. */
  void strikeCall() {
    if (isTracked()) {
      takers.strikeCall();
    }
  }

  /** Takes a note back, before the pin is given back. */
  void strike(Taker taker) {
    if (taker != null) {
      takers.strike(taker);
    }
  }

  @Override
  boolean isEnteredByCaller() {
    return super.isEnteredByCaller()
        || takers.inside().stream().anyMatch(Taker::isCallOfCaller); // none where it is not tracked
  }

  /** Who is noted now. */
  Set<Taker> tracked() {
    return takers.inside();
  }

  /** Who is inside a retired one, as far as it is known. Stacks are taken as the stream is read. */
  Stream<Held> held() {
    return isDraining()
        ? Stream.concat(
            knownInside(!isTracked(), caller -> new Held(holder(caller), caller)).stream(),
            takers.held(generation()))
        : Stream.empty();
  }

  private Holder holder(Thread caller) {
    return new Holder(
        generation(),
        Holder.Kind.CALL,
        caller.getName(),
        Threads.id(caller),
        Threads.isVirtual(caller),
        Optional.of(Duration.ofNanos(nanosSinceRetired())),
        Frames.of(caller));
  }

  long serviceId() {
    return serviceId;
  }

  /** The service id that counts among equals: its own, or that of the service it replaced. */
  long seniority() {
    return seniority;
  }

  void inherit(long predecessors) {
    seniority = predecessors;
  }

  void describe(int newRanking, Map<String, Object> newProperties) {
    ranking = newRanking;
    properties = newProperties;
  }

  /**
   * A fresh one of the same service, in place of this one, which was retired and can never be
   * entered again. Under the world's lock.
   */
  Binding<S> reopened(Takers fresh) {
    ServiceRank rank = new ServiceRank(ranking, serviceId);
    Binding<S> next = new Binding<>(contract, service, generation, rank, fresh);
    next.describe(ranking, properties);
    next.inherit(seniority);
    next.before = isDrained() ? before : this;
    after = next;
    return next;
  }

  /** The one that stands for its service now: itself, unless its generation was reopened. */
  Binding<S> latest() {
    Binding<S> latest = this;
    for (Binding<S> next = after; next != null; next = next.after) {
      latest = next;
    }
    return latest;
  }

  /** All of its service that somebody may be calling, the latest first. */
  List<Binding<?>> line() {
    List<Binding<?>> line = new ArrayList<>();
    for (Binding<S> each = latest(); each != null; each = each.before) {
      line.add(each);
    }
    return line;
  }

  boolean passes(ServiceFilter filter) {
    return filter.test().test(properties);
  }

  @Override
  public String toString() {
    return this == ABSENT ? "absent" : contract.getName() + " of " + generation;
  }
}
