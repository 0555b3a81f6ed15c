package dev.hotswap.core;

import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The steps of a swap up to the publish: read, plan, prepare, start, check. Whatever fails discards
 * all of the set. Code of plugins runs on threads of its own; everything else on the caller's.
 */
final class Stager {
  private final World world;
  private final Installer installer;
  private final ForeignCode foreign;
  private final Duration startLimit;
  private final Ledger ledger;
  private final Retirer retirer;

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
  }

  /**
   * A set that is up and checked.
   *
   * @param plan what was planned
   * @param changes what to publish; empty when all the bytes are current already
   * @param version of the world when it was planned
   */
  record Ready(SetPlan plan, List<Change> changes, long version) {}

  /** What staging these files would do; nothing is kept of them. */
  SetPlan plan(Draft draft, List<Path> files) {
    List<Jar> jars = takeAll(draft, files);
    try {
      return planOf(jars, List.of());
    } finally {
      jars.forEach(ledger::drop);
    }
  }

  /**
   * @param admission is asked about the plan before anything is done, and may throw
   * @throws SwapRefusedException when it cannot be done; then nothing is left of it, or its hanging
   *     thread takes away what is, should it ever come back
   */
  Ready stage(Draft draft, List<Path> files, Consumer<SetPlan> admission) {
    return stageJars(draft, takeAll(draft, files), List.of(), admission);
  }

  /** As {@link #stage}, of bytes that are the caller's no more; nobody is asked. */
  Ready stageJars(Draft draft, List<Jar> jars) {
    return stageJars(draft, jars, List.of());
  }

  /**
   * As {@link #stage}, of bytes that are the caller's no more; nobody is asked.
   *
   * @param leaving what goes with the same publish, and is not to be brought up once more
   */
  Ready stageJars(Draft draft, List<Jar> jars, List<LiveGeneration> leaving) {
    return stageJars(draft, jars, leaving, plan -> {});
  }

  private Ready stageJars(
      Draft draft, List<Jar> jars, List<LiveGeneration> leaving, Consumer<SetPlan> admission) {
    long version = world.version();
    draft.step(Draft.Step.PLAN);
    SetPlan plan = feasible(draft, jars, leaving, admission);
    draft.step(Draft.Step.PREPARE);
    List<Change> changes = begin(plan);
    prepare(changes);
    startAndCheck(draft, changes);
    return new Ready(plan, changes, version);
  }

  /**
   * Starts what stands by, each under a new number, to take over from what is current.
   *
   * @param parts of a swap that is to be undone, and none of them of a new plugin
   */
  Ready restart(Draft draft, List<History.Part> parts) {
    long version = world.version();
    draft.step(Draft.Step.PREPARE);
    List<Change> changes = new ArrayList<>();
    List<SetPlan.Member> members = new ArrayList<>();
    for (History.Part part : parts) {
      LiveGeneration standing = part.before().orElseThrow();
      SetPlan.Member member =
          new SetPlan.Member(
              standing.jar(),
              standing.isLibrary() ? Plan.Kind.LIBRARY : Plan.Kind.NEW_GENERATION,
              Optional.of(part.after()),
              "stands by as " + standing.generation().label(),
              standing.alone());
      Set<Class<?>> needed = world.answeredBy(part.after());
      LiveGeneration next = ledger.renumber(standing);
      retirer.renumber(standing, next);
      next.alone(standing.alone());
      members.add(member);
      changes.add(new Change(member, next, ledger.subject(member.jar()), needed));
    }
    SetPlan plan = new SetPlan(members, List.of(), List.of());
    draft.plan(plan);
    startAndCheck(draft, changes);
    return new Ready(plan, changes, version);
  }

  private void startAndCheck(Draft draft, List<Change> changes) {
    long swap = draft.id();
    startBeside(draft, changes);
    for (Change change : changes) {
      ledger.tell(at -> new SwapEvent.Staged(swap, at, change.next().generation()));
    }
  }

  /** Whether the set would no longer do what it was planned to. */
  boolean isStale(Ready ready) {
    return world.version() != ready.version
        && (!planOf(asked(ready.plan), List.of()).told().equals(ready.plan.told())
            || ready.changes.stream().anyMatch(this::isOutdated));
  }

  /** It is not named by the plan: only new generations of its own plugin are. */
  private boolean isOutdated(Change change) {
    return retirer.held(change.next()).isOutdated();
  }

  /**
   * Whether to go back to these generations takes them alone, and nothing has come to be wired
   * meanwhile to what took their places.
   */
  boolean isEnough(List<LiveGeneration> olds, List<LiveGeneration> leaving) {
    SetPlan plan = planOf(olds.stream().map(LiveGeneration::jar).toList(), leaving);
    return plan.members().size() == olds.size() && plan.stays().isEmpty();
  }

  /** Takes away what no caller has reached; its stop is foreign code, as its start was. */
  void discard(long swap, List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    foreign.within(
        startLimit, "hotswap-discard-" + swap, () -> discardAll(changes), discarded -> {});
  }

  private SetPlan feasible(
      Draft draft, List<Jar> jars, List<LiveGeneration> leaving, Consumer<SetPlan> admission) {
    try {
      SetPlan plan = planOf(jars, leaving);
      draft.plan(plan);
      refuse(plan.refusals());
      admission.accept(plan);
      List<Jar> unused = new ArrayList<>(jars); // the current bytes, which are brought up anyway
      unused.removeAll(asked(plan));
      unused.forEach(ledger::drop);
      return plan;
    } catch (RuntimeException | Error e) {
      jars.forEach(ledger::drop);
      throw e;
    }
  }

  private static List<Jar> asked(SetPlan plan) {
    List<Jar> jars = new ArrayList<>();
    for (SetPlan.Member member : plan.members()) {
      if (member.kind() != Plan.Kind.RESTAGED) {
        jars.add(member.jar());
      }
    }
    return jars;
  }

  private List<Jar> takeAll(Draft draft, List<Path> files) {
    draft.step(Draft.Step.READ);
    List<Jar> jars = new ArrayList<>();
    try {
      for (Path file : files) {
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

  private SetPlan planOf(List<Jar> jars, List<LiveGeneration> leaving) {
    Map<String, Jar> byPlugin = new LinkedHashMap<>();
    List<Refusal> refusals = new ArrayList<>();
    for (Jar jar : jars) {
      Jar twin = byPlugin.putIfAbsent(jar.plugin(), jar);
      if (twin != null) {
        List<String> both = List.of(twin.label(), jar.label());
        refusals.add(new Refusal.ClaimedTwice(jar.plugin(), both, ledger.subject(jar).stands()));
      }
    }
    List<SetPlan.Member> same = new ArrayList<>();
    byPlugin.values().forEach(jar -> same(jar).ifPresent(same::add));
    same.forEach(member -> byPlugin.remove(member.jar().plugin()));
    SetPlan plan =
        installer.plan(
            List.copyOf(byPlugin.values()),
            plugin -> ledger.current(plugin).filter(live -> !leaving.contains(live)));
    Set<String> moving = new TreeSet<>();
    plan.members().forEach(member -> moving.add(member.jar().plugin()));
    same.removeIf(member -> moving.contains(member.jar().plugin())); // brought up all the same
    same.addAll(plan.members());
    refusals.addAll(plan.refusals());
    return new SetPlan(same, plan.stays(), refusals);
  }

  private Optional<SetPlan.Member> same(Jar jar) {
    Optional<LiveGeneration> current = ledger.current(jar.plugin());
    return current
        .filter(live -> isUnchanged(live, jar))
        .map(
            live ->
                new SetPlan.Member(jar, Plan.Kind.SAME_BYTES, current, "these bytes are current"));
  }

  /** The same bytes, and still at work: somebody else may have stopped or updated it. */
  private static boolean isUnchanged(LiveGeneration live, Jar jar) {
    boolean works = live.isLibrary() || !live.contracts().isEmpty();
    return works && !live.isUpdated() && live.generation().sha256().equals(jar.sha256());
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
    Map<String, LiveGeneration> companions = new HashMap<>();
    changes.forEach(change -> companions.put(change.plugin(), change.next()));
    changes.forEach(change -> change.next().companions(companions));
    return changes;
  }

  private Optional<Change> begin(SetPlan.Member member) {
    if (member.kind() == Plan.Kind.SAME_BYTES) {
      ledger.drop(member.jar());
      return Optional.empty();
    }
    if (member.kind() == Plan.Kind.RESTAGED) {
      ledger.again(member.replaces().orElseThrow());
    }
    Set<Class<?>> needed = member.replaces().map(world::answeredBy).orElse(Set.of());
    LiveGeneration next = ledger.begin(member.jar(), member.isLibrary());
    next.alone(member.alone());
    return Optional.of(new Change(member, next, ledger.subject(member.jar()), needed));
  }

  private void prepare(List<Change> changes) {
    List<Installer.Newcomer> set = new ArrayList<>();
    for (Change change : changes) {
      boolean alone = change.isOneAfterTheOther();
      set.add(new Installer.Newcomer(change.next(), change.subject(), alone));
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
  private void startBeside(Draft draft, List<Change> changes) {
    List<Change> beside = new ArrayList<>(changes);
    beside.removeIf(Change::isOneAfterTheOther);
    List<Change> later = new ArrayList<>(changes);
    later.removeAll(beside);
    try {
      start(draft, beside);
    } catch (RuntimeException | Error e) {
      discard(draft.id(), later);
      throw e;
    }
  }

  /**
   * Starts and checks them. Where that fails, none of them is left.
   *
   * @throws SwapRefusedException when it fails
   */
  void start(Draft draft, List<Change> changes) {
    draft.step(Draft.Step.START);
    bringUp(draft.id(), changes);
    draft.step(Draft.Step.CHECK);
    check(draft.id(), changes);
  }

  /** Where it fails, it takes away on its own thread what it has brought up. */
  private void bringUp(long swap, List<Change> changes) {
    AtomicReference<Change> starting = new AtomicReference<>();
    Optional<Boolean> started =
        changes.isEmpty()
            ? Optional.of(true)
            : foreign.within(
                startLimit,
                "hotswap-start-" + swap,
                () -> startAll(changes, starting),
                late -> discardAll(changes));
    if (started.isEmpty()) {
      Subject about = Optional.ofNullable(starting.get()).orElse(changes.get(0)).subject();
      refuse(new Refusal.StartOverdue(about.what(), startLimit, about.stands()));
    }
  }

  private Boolean startAll(List<Change> changes, AtomicReference<Change> starting) {
    try {
      for (Change change : changes) {
        starting.set(change);
        retirer.held(change.next()).start(change.subject());
      }
      return true;
    } catch (RuntimeException | Error e) {
      discardAll(changes);
      throw e;
    }
  }

  private Boolean discardAll(List<Change> changes) {
    List<LiveGeneration> nexts = new ArrayList<>();
    changes.forEach(change -> nexts.add(0, change.next())); // dependents first
    world.publish(nexts, List.of()); // what they still offer comes too late
    for (LiveGeneration next : nexts) {
      try {
        retirer.discard(next);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return true;
  }

  /** Each must offer what callers get from the generation it replaces, or something at least. */
  private void check(long swap, List<Change> changes) {
    try {
      changes.stream().filter(Change::mustOffer).forEach(this::checkOffers);
    } catch (RuntimeException | Error e) {
      discard(swap, changes);
      throw e;
    }
  }

  private void checkOffers(Change change) {
    boolean offered = awaitOffers(change);
    Subject subject = change.subject();
    for (LiveGeneration.Misfit misfit : change.next().misfits()) {
      refuse(
          new Refusal.WrongClassSpace(
              subject.what(),
              misfit.contract(),
              misfit.provider(),
              misfit.reason(),
              subject.stands()));
    }
    if (!offered) {
      refuse(noOffer(change));
    }
  }

  private boolean awaitOffers(Change change) {
    try {
      return world.awaitOffers(change.next(), change.needed(), startLimit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Why a generation that does not offer enough is refused. */
  Refusal noOffer(Change change) {
    LiveGeneration next = change.next();
    Subject subject = change.subject();
    List<String> offered = names(next.contracts());
    List<String> missing = new ArrayList<>(names(change.needed()));
    missing.removeAll(offered);
    return new Refusal.NoContractService(
        subject.what(),
        missing.isEmpty() ? installer.contracts() : missing,
        offered,
        String.join("; ", troubles(next)),
        subject.stands());
  }

  private List<String> troubles(LiveGeneration next) {
    List<String> troubles = new ArrayList<>(next.troubles());
    if (troubles.isEmpty()) {
      troubles.add("waited " + startLimit.toMillis() + " ms for it");
    }
    if (retirer.isHeld(next)) {
      troubles.addAll(retirer.held(next).unsatisfied());
    }
    return troubles;
  }

  private static List<String> names(Iterable<Class<?>> types) {
    Set<String> names = new TreeSet<>();
    types.forEach(type -> names.add(type.getName()));
    return List.copyOf(names);
  }

  /** By the first, which names all plugins that are refused for the same reason as it. */
  private static void refuse(List<Refusal> refusals) {
    List<Refusal.Unresolvable> unresolvable = new ArrayList<>();
    for (Refusal refusal : refusals) {
      if (refusal instanceof Refusal.Unresolvable one) {
        unresolvable.add(one);
      }
    }
    if (!refusals.isEmpty()) {
      boolean named = refusals.get(0) instanceof Refusal.Unresolvable;
      refuse(named ? Refusal.Unresolvable.of(unresolvable) : refusals.get(0));
    }
  }

  private static void refuse(Refusal refusal) {
    throw new SwapRefusedException(refusal);
  }
}
