package dev.hotswap.core;

import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The steps of a swap up to the publish: read, plan, prepare, start, check, warm up. Whatever fails
 * discards all of the set. Code of plugins runs on threads of its own; everything else on the
 * caller's.
 */
final class Stager {
  private final World world;
  private final Installer installer;
  private final ForeignCode foreign;
  private final Duration startLimit;
  private final Ledger ledger;
  private final Retirer retirer;
  private final Planning planning;
  private final OfferCheck offers;
  private final Warming warming;

  Stager(
      World world,
      Installer installer,
      ForeignCode foreign,
      Duration startLimit,
      Ledger ledger,
      Retirer retirer) {
    this.world = world;
    this.installer = installer;
    this.foreign = foreign;
    this.startLimit = startLimit;
    this.ledger = ledger;
    this.retirer = retirer;
    this.planning = new Planning(world, installer, ledger);
    this.offers = new OfferCheck(world, installer, retirer);
    this.warming = new Warming(foreign, startLimit);
  }

  /**
   * A set that is up and checked.
   *
   * @param plan what was planned
   * @param changes what to publish; empty when all the bytes are current already
   * @param version of the world when it was planned
   * @param inPlace whether one after the other was asked for
   */
  record Ready(SetPlan plan, List<Change> changes, long version, boolean inPlace) {}

  /**
   * How a start is gone about.
   *
   * @param limit for the start, and for the check
   * @param grace how long to wait, past the limit, for a start to leave and take itself away
   * @param warmsUp whether classes are loaded and warm-ups run: nobody waits for it meanwhile
   */
  private record Pace(Duration limit, Duration grace, boolean warmsUp) {
    /** While callers wait it goes on to its end, which is near: to turn back takes as long. */
    boolean heeds(Draft draft) {
      return warmsUp && draft.heedsInterrupts();
    }
  }

  /** What staging these files would do; nothing is kept of them. */
  SetPlan plan(Draft draft, List<Path> files, boolean inPlace) {
    List<Jar> jars = takeAll(draft, files);
    try {
      return planning.of(new Planning.Wish(jars, List.of(), inPlace));
    } finally {
      jars.forEach(ledger::drop);
    }
  }

  /**
   * @param inPlace whether one after the other is asked for
   * @param admission is asked about the plan before anything is done, and may throw
   * @param meanwhile is told what is about to be published while it starts, which takes a while;
   *     may throw
   * @throws SwapRefusedException when it cannot be done; then nothing is left of it, or its hanging
   *     thread takes away what is, should it ever come back
   */
  Ready stage(
      Draft draft,
      List<Path> files,
      boolean inPlace,
      Consumer<SetPlan> admission,
      Consumer<List<Change>> meanwhile) {
    return stage(
        draft, new Planning.Wish(takeAll(draft, files), List.of(), inPlace), admission, meanwhile);
  }

  /** As {@link #stage(Draft, List, boolean, Consumer, Consumer)}, and nobody is asked or told. */
  Ready stage(Draft draft, Planning.Wish wish) {
    return stage(draft, wish, plan -> {}, changes -> {});
  }

  private Ready stage(
      Draft draft,
      Planning.Wish wish,
      Consumer<SetPlan> admission,
      Consumer<List<Change>> meanwhile) {
    long version = world.version();
    draft.step(Step.PLAN);
    SetPlan plan = feasible(draft, wish, admission);
    draft.step(Step.PREPARE);
    List<Change> changes = begin(plan);
    prepare(changes);
    startBeside(draft, changes, () -> meanwhile.accept(changes));
    return new Ready(plan, changes, version, wish.inPlace());
  }

  /**
   * Starts what stands by, each under a new number, to take over from what is current.
   *
   * @param standing is nobody else's: where it fails, none of it is left
   * @param inPlace whether one after the other is asked for
   */
  Ready restart(Draft draft, List<LiveGeneration> standing, boolean inPlace) {
    long version = world.version();
    draft.step(Step.PREPARE);
    List<Change> changes = new ArrayList<>();
    List<LiveGeneration> left = new ArrayList<>(standing);
    try {
      while (!left.isEmpty()) {
        changes.add(renumber(left.get(0), inPlace));
        left.remove(0);
      }
    } catch (RuntimeException | Error e) {
      changes.forEach(change -> left.add(0, change.next()));
      foreign.within(
          startLimit,
          "hotswap-discard-" + draft.id(),
          () -> discardAll(draft.id(), left),
          discarded -> {});
      throw e;
    }
    Company.introduce(changes.stream().map(Change::next).toList());
    List<SetPlan.Member> members = changes.stream().map(Change::member).toList();
    SetPlan plan = new SetPlan(members, List.of(), List.of());
    draft.plan(plan);
    startBeside(draft, changes, () -> {});
    return new Ready(plan, changes, version, inPlace);
  }

  private Change renumber(LiveGeneration standing, boolean inPlace) {
    SetPlan.Member beside =
        new SetPlan.Member(
            standing.jar(),
            standing.isLibrary() ? Plan.Kind.LIBRARY : Plan.Kind.NEW_GENERATION,
            ledger.current(standing.jar().plugin()),
            "stands by as " + standing.generation().label(),
            standing.alone(),
            standing.keepsState(),
            standing.declared(),
            List.of());
    SetPlan.Member member = inPlace ? beside.inPlace() : beside;
    Set<Class<?>> needed = planning.needed(member);
    Subject subject = ledger.subject(member.jar());
    LiveGeneration next =
        ledger.tryRenumber(standing).orElseThrow(() -> uninstalled(standing, subject));
    if (!retirer.tryRenumber(standing, next)) {
      ledger.end(next, Stage.DISCARDED);
      throw uninstalled(standing, subject);
    }
    next.alone(standing.alone());
    next.keepsState(standing.keepsState());
    next.declared(standing.declared());
    return new Change(member, next, subject, needed);
  }

  private static SwapRefusedException uninstalled(LiveGeneration standing, Subject subject) {
    String reason = "somebody has uninstalled " + standing + ", which stood by";
    return new SwapRefusedException(
        new Refusal.NoWayBack(standing.jar().plugin(), reason, subject.stands()));
  }

  /** Whether the set would no longer do what it was planned to. */
  boolean isStale(Ready ready) {
    return world.version() != ready.version
        && (!planning
                .of(new Planning.Wish(Planning.asked(ready.plan), List.of(), ready.inPlace))
                .essence()
                .equals(ready.plan.essence())
            || ready.changes.stream().anyMatch(this::isOutdated));
  }

  /** It is not named by the plan: only new generations of its own plugin are. */
  private boolean isOutdated(Change change) {
    return retirer.held(change.next()).isOutdated();
  }

  /**
   * Whether to go back to these bytes takes them alone, and nothing has come to be wired meanwhile
   * to what took their places.
   */
  boolean isEnough(List<Jar> olds, List<LiveGeneration> leaving) {
    SetPlan plan = planning.of(new Planning.Wish(olds, leaving, false));
    return plan.members().size() == olds.size() && plan.stays().isEmpty();
  }

  /** Takes away what no caller has reached; its stop is foreign code, as its start was. */
  void discard(long swap, List<Change> changes) {
    discard(swap, changes, startLimit);
  }

  /** As {@link #discard(long, List)}; past the limit it goes on by itself. */
  void discard(long swap, List<Change> changes, Duration limit) {
    if (changes.isEmpty()) {
      return;
    }
    foreign.within(
        limit, "hotswap-discard-" + swap, () -> discardNew(swap, changes), discarded -> {});
  }

  private SetPlan feasible(Draft draft, Planning.Wish wish, Consumer<SetPlan> admission) {
    List<Jar> jars = wish.jars();
    try {
      SetPlan plan = planning.of(wish);
      draft.plan(plan);
      Planning.requireFeasible(plan);
      admission.accept(plan);
      List<Jar> unused = new ArrayList<>(jars); // the current bytes, which are brought up anyway
      unused.removeAll(Planning.asked(plan));
      unused.forEach(ledger::drop);
      return plan;
    } catch (RuntimeException | Error e) {
      jars.forEach(ledger::drop);
      throw e;
    }
  }

  private List<Jar> takeAll(Draft draft, List<Path> files) {
    draft.step(Step.READ);
    List<Jar> jars = new ArrayList<>();
    try {
      for (Path file : files) {
        if (draft.isInterrupted()) {
          throw Draft.interrupted(file.toString(), "nothing has changed");
        }
        Jar jar = ledger.take(file);
        draft.read(jars.size(), jar);
        jars.add(jar);
      }
      return jars;
    } catch (RuntimeException | Error e) {
      jars.forEach(ledger::drop);
      throw e;
    }
  }

  /** Takes the bytes over from the plan. */
  private List<Change> begin(SetPlan plan) {
    List<Change> changes = new ArrayList<>();
    List<SetPlan.Member> left = new ArrayList<>(plan.members());
    try {
      while (!left.isEmpty()) {
        begin(left.remove(0)).ifPresent(changes::add);
      }
    } catch (RuntimeException | Error e) {
      changes.forEach(change -> ledger.end(change.next(), Stage.DISCARDED));
      left.removeIf(member -> member.kind() == Plan.Kind.RESTAGED);
      left.forEach(member -> ledger.drop(member.jar()));
      throw e;
    }
    Company.introduce(changes.stream().map(Change::next).toList());
    return changes;
  }

  private Optional<Change> begin(SetPlan.Member member) {
    if (member.kind() == Plan.Kind.SAME_BYTES) {
      ledger.drop(member.jar());
      return Optional.empty();
    }
    if (member.kind() == Plan.Kind.RESTAGED) {
      requireAgain(member);
    }
    Set<Class<?>> needed = planning.needed(member);
    LiveGeneration next = ledger.begin(member.jar(), member.isLibrary());
    next.alone(member.alone());
    next.keepsState(member.keepsState());
    next.declared(member.declared());
    return Optional.of(new Change(member, next, ledger.subject(member.jar()), needed));
  }

  private void requireAgain(SetPlan.Member member) {
    if (!ledger.tryAgain(member.jar())) {
      throw new IllegalStateException(
          "somebody has uninstalled " + member.replaces().orElseThrow() + " meanwhile");
    }
  }

  private void prepare(List<Change> changes) {
    List<Installer.Newcomer> set = new ArrayList<>();
    for (Change change : changes) {
      set.add(new Installer.Newcomer(change.next(), change.subject()));
    }
    try {
      List<Staged> staged = installer.prepare(set);
      for (int i = 0; i < changes.size(); i++) {
        retirer.hold(changes.get(i).next(), staged.get(i));
      }
    } catch (RuntimeException | Error e) {
      changes.forEach(change -> ledger.end(change.next(), Stage.DISCARDED));
      throw e;
    }
  }

  /** Those that cannot run beside what they replace are started later, by the handover. */
  private void startBeside(Draft draft, List<Change> changes, Runnable meanwhile) {
    List<Change> beside = new ArrayList<>(changes);
    beside.removeIf(Change::isOneAfterTheOther);
    List<Change> later = new ArrayList<>(changes);
    later.removeAll(beside);
    try {
      start(draft, beside, new Pace(startLimit, Duration.ZERO, true), meanwhile);
    } catch (RuntimeException | Error e) {
      discard(draft.id(), later);
      throw e;
    }
    if (draft.isInterrupted() && !changes.isEmpty()) { // from here on it goes through
      discard(draft.id(), changes);
      throw Draft.interrupted(changes.get(0).subject());
    }
  }

  private void warmUp(Draft draft, List<Change> changes) {
    try {
      changes.forEach(change -> warming.run(draft, change));
    } catch (RuntimeException | Error e) {
      discard(draft.id(), changes);
      throw e;
    }
  }

  /**
   * Starts and checks them, while callers wait. Where that fails, none of them is left.
   *
   * @param limit for each of the two
   * @param grace how long to wait, past the limit, for a start to leave and take itself away
   * @throws SwapRefusedException when it fails
   */
  void start(Draft draft, List<Change> changes, Duration limit, Duration grace) {
    start(draft, changes, new Pace(limit, grace, false), () -> {});
  }

  private void start(Draft draft, List<Change> changes, Pace pace, Runnable meanwhile) {
    draft.step(Step.START);
    if (changes.isEmpty()) {
      meanwhile.run();
    } else {
      bringUp(draft, changes, pace, meanwhile);
    }
    draft.step(Step.CHECK);
    check(draft, changes, pace);
    if (pace.warmsUp) {
      warmUp(draft, changes);
    }
    for (Change change : changes) {
      ledger.tell(at -> new SwapEvent.Staged(draft.id(), at, change.next().generation()));
    }
  }

  /** What comes up too late, or fails too late, is taken away on the thread on which it does. */
  private void bringUp(Draft draft, List<Change> changes, Pace pace, Runnable meanwhile) {
    long swap = draft.id();
    AtomicReference<Change> starting = new AtomicReference<>();
    ForeignCode.Run<Optional<Throwable>> start =
        foreign.begin(
            "hotswap-start-" + swap,
            () -> failureOf(changes, starting, pace.warmsUp),
            late -> discardNew(swap, changes));
    Optional<Throwable> hindrance = failureOf(meanwhile);
    Optional<Optional<Throwable>> started =
        start.await(new ForeignCode.Patience(pace.limit, pace.grace, pace.heeds(draft)));
    if (started.isEmpty() && hindrance.isEmpty()) {
      Subject about = Optional.ofNullable(starting.get()).orElse(changes.get(0)).subject();
      if (pace.heeds(draft) && draft.isInterrupted()) {
        throw Draft.interrupted(about);
      }
      refuse(new Refusal.StartOverdue(about.what(), pace.limit, about.stands()));
    }
    Optional<Throwable> failure = hindrance.or(() -> started.get());
    if (failure.isPresent()) {
      if (started.isPresent()) { // else they are left to their thread
        discard(swap, changes, pace.limit);
      }
      throw rethrown(failure.get());
    }
  }

  private static Optional<Throwable> failureOf(Runnable work) {
    try {
      work.run();
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(e);
    }
  }

  /** Answered, not thrown: what it has brought up is not to be taken away under its interrupt. */
  private Optional<Throwable> failureOf(
      List<Change> changes, AtomicReference<Change> starting, boolean touch) {
    return failureOf(
        () -> {
          for (Change change : changes) {
            starting.set(change);
            retirer.held(change.next()).start(change.subject());
            if (touch) {
              retirer.held(change.next()).touch(Warming.TOUCH);
            }
          }
        });
  }

  private static RuntimeException rethrown(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return (RuntimeException) thrown;
  }

  private Boolean discardNew(long swap, List<Change> changes) {
    List<LiveGeneration> nexts = new ArrayList<>();
    changes.forEach(change -> nexts.add(0, change.next())); // dependents first
    return discardAll(swap, nexts);
  }

  private Boolean discardAll(long swap, List<LiveGeneration> generations) {
    world.publish(generations, List.of()); // what they still offer comes too late
    generations.forEach(generation -> retirer.discard(swap, generation));
    return true;
  }

  /** Each must offer what callers get from the generation it replaces, or something at least. */
  private void check(Draft draft, List<Change> changes, Pace pace) {
    try {
      for (Change change : changes) {
        if (change.mustOffer()) {
          offers.require(change, pace.limit, pace.heeds(draft));
        }
      }
    } catch (RuntimeException | Error e) {
      discard(draft.id(), changes, pace.limit);
      throw e;
    }
  }

  /** Why a generation that does not offer enough any more is refused. */
  Refusal noOffer(Change change) {
    return offers.refusal(change, startLimit);
  }

  private static void refuse(Refusal refusal) {
    throw new SwapRefusedException(refusal);
  }
}
