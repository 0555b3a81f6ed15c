package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.StateKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A generation while it lives: where it stands and what it offers. Its bindings change under the
 * lock of its {@link World} only; everything may be read by any thread.
 */
public final class LiveGeneration {
  /** No list of holders is longer: each costs the taking of a stack. */
  static final int MOST_HOLDERS = 100;

  private final Generation generation;
  private volatile Jar jar;
  private volatile boolean library;
  private volatile boolean updated;
  private volatile Optional<String> alone = Optional.empty();
  private volatile boolean keepsState;
  private volatile Optional<Asked> asked = Optional.empty();
  private volatile Set<String> declared = Set.of();
  private final AtomicBoolean unasked = new AtomicBoolean();
  private volatile boolean veiled;
  private volatile Optional<Duration> heldDrain = Optional.empty();
  private volatile Optional<Retirement> gone = Optional.empty();
  private final List<Binding<?>> bindings = new CopyOnWriteArrayList<>();
  private final List<Binding<?>> leaving = new CopyOnWriteArrayList<>();
  private final List<Misfit> misfits = new CopyOnWriteArrayList<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private List<Binding<?>> held = List.of(); // guarded by the world's lock
  private boolean closed;
  private volatile long inFlightAtClose;
  private volatile List<Holder> overdue = List.of();
  private volatile Company company = Company.NONE;
  private volatile Path file;
  private volatile Stage stage = Stage.STAGED;
  private volatile Calls ended = Calls.NONE;

  LiveGeneration(Generation generation) {
    this.generation = generation;
  }

  /** Says what it is made of; before anybody else sees it. */
  void madeOf(Jar bytes, boolean isLibrary) {
    jar = bytes;
    library = isLibrary;
  }

  /** Why it cannot run beside another generation of its plugin; empty where it can. */
  Optional<String> alone() {
    return alone;
  }

  void alone(Optional<String> reason) {
    alone = reason;
  }

  /** Whether its manifest says that it keeps state. */
  boolean keepsState() {
    return keepsState;
  }

  /** Whose wish it was that it became current; empty until it has. */
  Optional<Asked> asked() {
    return asked;
  }

  void asked(Optional<Asked> by) {
    asked = by;
  }

  /** The contracts whose services its manifest declares; empty where it declares none. */
  Set<String> declared() {
    return declared;
  }

  void declared(Set<String> contracts) {
    declared = Set.copyOf(contracts);
  }

  /** Whether it keeps state and is at work: what is stopped has none to give any more. */
  boolean hasState() {
    return keepsState && !bindings.isEmpty();
  }

  void keepsState(boolean keeps) {
    keepsState = keeps;
  }

  /**
   * It offers a {@link StateKeeper}. Where its manifest does not say so nobody ever asks that one,
   * and its author is told in the log, once.
   */
  public void offersStateKeeper() {
    if (!keepsState && unasked.compareAndSet(false, true)) {
      System.getLogger(LiveGeneration.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "event=state-keeper-unasked generation=\"" + this + "\" missing=dev.hotswap.state");
    }
  }

  /**
   * Whether callers are kept from what it offers although it is current: it is coming back, and is
   * not ready. Changes under the world's lock.
   */
  boolean isVeiled() {
    return veiled;
  }

  void veil(boolean kept) {
    veiled = kept;
  }

  /** Notes what it offers when callers begin to be held. Under the world's lock. */
  void holdOffers() {
    held = bindings();
  }

  /** What it offered when callers began to be held, and still does. Under the world's lock. */
  List<Binding<?>> heldOffers() {
    return held.stream().filter(bindings::contains).toList();
  }

  /** What it offered then; nothing where its callers are not held. Under the world's lock. */
  List<Binding<?>> releaseOffers() {
    List<Binding<?>> released = held;
    held = List.of();
    return released;
  }

  /** How long its calls took to end while new ones were held; empty where they were not. */
  Optional<Duration> heldDrain() {
    return heldDrain;
  }

  void heldDrain(Optional<Duration> took) {
    heldDrain = took;
  }

  /** How it left, where that was before its successor took over. */
  Optional<Retirement> gone() {
    return gone;
  }

  void gone(Retirement how) {
    gone = Optional.of(how);
  }

  /** Whether it only exports packages, and nobody is to call it. */
  boolean isLibrary() {
    return library;
  }

  /** Somebody else has put other bytes in its place. */
  public void updated() {
    updated = true;
  }

  boolean isUpdated() {
    return updated;
  }

  /** Its bytes and what its manifest says. */
  public Jar jar() {
    return jar;
  }

  /**
   * The generation of that plugin that was staged together with this one. Unless this one is
   * current, it is the only one of that plugin that it may be wired to, as long as it is there.
   */
  public Optional<LiveGeneration> companion(String plugin) {
    return company.member(plugin);
  }

  /** Those that were brought up together with it, itself included. */
  public Company company() {
    return company;
  }

  void company(Company set) {
    company = set;
  }

  /** Which generation. */
  public Generation generation() {
    return generation;
  }

  /** Its bytes, in a file that is no other generation's. */
  public Path file() {
    return file;
  }

  void file(Path own) {
    file = own;
  }

  /** Where it stands. */
  public Stage stage() {
    return stage;
  }

  /** Whether it is being brought up, and only its companions may call it. */
  boolean isStaged() {
    return stage == Stage.STAGED;
  }

  /** Whether it is gone for good. */
  boolean hasEnded() {
    return stage == Stage.RECLAIMED || stage == Stage.DISCARDED;
  }

  /** Whether new calls reach it, or reach it again once it offers a service. */
  public boolean isCurrent() {
    return stage == Stage.CURRENT;
  }

  /** What it offers now. */
  public List<Binding<?>> bindings() {
    return List.copyOf(bindings);
  }

  /** Whether the service is still one of those that it offers. */
  public boolean offers(Binding<?> binding) {
    return bindings.contains(binding.latest());
  }

  /** Notes a service under a contract's name that is not of the contract's type. */
  void misfit(String contract, String provider, String reason) {
    misfits.add(new Misfit(contract, provider, reason));
  }

  /** Notes why a service that should be there is not, in words. */
  void trouble(String trouble) {
    troubles.add(trouble);
  }

  List<String> troubles() {
    return troubles;
  }

  List<Misfit> misfits() {
    return misfits;
  }

  void stage(Stage next) {
    stage = next;
  }

  /** A binding is offered; too late for callers where the generation is closed. */
  synchronized void add(Binding<?> binding) {
    bindings.add(binding);
    if (closed) {
      binding.retire();
    }
  }

  /** Lets nobody new in, for good. The world no longer shows the generation. */
  synchronized void close() {
    boolean first = !closed;
    closed = true;
    bindings.forEach(Binding::retire);
    inFlightAtClose = first ? calls().inFlight() : inFlightAtClose;
  }

  /**
   * Lets callers in again, by fresh bindings of the same services. Who is inside by the bindings
   * before goes on, and is waited for when the generation leaves. Under the world's lock.
   *
   * @param fresh makes the binding that takes another's place
   */
  synchronized void reopen(UnaryOperator<Binding<?>> fresh) {
    closed = false;
    overdue = List.of(); // it has not drained
    List<Binding<?>> retired = bindings.stream().filter(Binding::isRetired).toList();
    for (Binding<?> binding : retired) {
      Binding<?> next = fresh.apply(binding);
      leave(binding);
      bindings.add(next);
    }
    settleDrained();
  }

  private void settleDrained() {
    List.copyOf(leaving).stream().filter(Binding::isDrained).forEach(this::settle);
  }

  /**
   * A binding is no longer offered; somebody may still be calling it.
   *
   * @return whether it was offered until now
   */
  synchronized boolean leave(Binding<?> binding) {
    boolean offered = bindings.remove(binding);
    if (offered) {
      leaving.add(binding);
    }
    return offered;
  }

  /** The last call on a binding that left has ended: only its counts are kept. Idempotent. */
  synchronized void settle(Binding<?> binding) {
    if (leaving.remove(binding)) {
      ended = ended.plus(binding.calls());
    }
  }

  /** Everything that somebody may be calling; of the rest that left only the counts are kept. */
  synchronized List<Binding<?>> pinned() {
    settleDrained();
    List<Binding<?>> pinned = new ArrayList<>(bindings);
    pinned.addAll(leaving);
    return pinned;
  }

  /** Whether nobody is inside any more; once it is closed that stays so. */
  boolean isDrained() {
    return pinned().stream().allMatch(Binding::isDrained);
  }

  /** Whether nobody is inside at this moment, where it is held. */
  boolean isEmpty() {
    return pinned().stream()
        .filter(Binding::isRetired) // one that came since then was never shown to anybody
        .allMatch(binding -> binding.isDrained() || binding.isEmpty());
  }

  /** Whether the calling thread is known to be in a call on it. */
  boolean isEnteredByCaller() {
    return pinned().stream().anyMatch(Binding::isEnteredByCaller);
  }

  /** Whether the machine does not let anybody know who is inside. */
  boolean isUncertain() {
    return pinned().stream().anyMatch(Binding::isUncertain);
  }

  List<Class<?>> contracts() {
    List<Class<?>> contracts = new ArrayList<>();
    for (Binding<?> binding : bindings) {
      contracts.add(binding.contract());
    }
    return contracts;
  }

  synchronized Calls calls() {
    List<Binding<?>> pinned = pinned();
    Calls sum = ended; // by now
    for (Binding<?> binding : pinned) {
      sum = sum.plus(binding.calls());
    }
    return sum;
  }

  /** How many calls were in flight when it let nobody in any more. */
  long inFlightAtClose() {
    return inFlightAtClose;
  }

  /** Who was inside when the drain deadline passed; nobody until it has. */
  List<Holder> overdue() {
    return overdue;
  }

  void overdue(List<Holder> holders) {
    overdue = holders;
  }

  /** Who is inside what it no longer offers, as far as it is known. No lock is held meanwhile. */
  List<Holder> holders() {
    return held().map(Held::holder).limit(MOST_HOLDERS).toList();
  }

  private Stream<Held> held() {
    return pinned().stream().flatMap(Binding::held);
  }

  /** Interrupts the threads of those who are calling it, as far as they are known; says whose. */
  List<Holder> interruptHolders() {
    List<Held> inside = held().toList(); // all of them first: the interrupt sends them out
    // once each, however often inside; by reference, since a subclass may override equals
    Set<Thread> interrupted = Collections.newSetFromMap(new IdentityHashMap<>());
    return inside.stream()
        .filter(held -> held.thread() == null || interrupted.add(held.thread()))
        .filter(Held::tryInterrupt)
        .toList() // all of them, and not as many as are told
        .stream()
        .map(Held::holder)
        .limit(MOST_HOLDERS)
        .toList();
  }

  Snapshot.Live snapshot() {
    return snapshot(stage);
  }

  /**
   * @param at where it stood when it was looked at
   */
  Snapshot.Live snapshot(Stage at) {
    return new Snapshot.Live(generation, at, calls(), holders(), asked);
  }

  @Override
  public String toString() {
    return generation.toString();
  }

  /** A service of the right name and the wrong type. */
  record Misfit(String contract, String provider, String reason) {}
}
