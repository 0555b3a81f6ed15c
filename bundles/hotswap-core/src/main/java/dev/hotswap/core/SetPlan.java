package dev.hotswap.core;

import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A plan with what it takes to carry it out.
 *
 * @param members who gets a new generation, those first that others are wired to
 * @param stays who goes on with the old of something that is replaced
 * @param outsiders which bundles that are no plugins do so
 * @param refusals what speaks against it
 * @param waits what it has to wait for
 * @param untouched how many plugins have no part in it
 */
public record SetPlan(
    List<Member> members,
    List<Plan.Stays> stays,
    List<Plan.Outsider> outsiders,
    List<Refusal> refusals,
    List<Plan.Wait> waits,
    int untouched) {
  public SetPlan {
    members = List.copyOf(members);
    stays = List.copyOf(stays);
    outsiders = List.copyOf(outsiders);
    refusals = List.copyOf(refusals);
    waits = List.copyOf(waits);
  }

  /** One in which nobody else has a part. */
  public SetPlan(List<Member> members, List<Plan.Stays> stays, List<Refusal> refusals) {
    this(members, stays, List.of(), refusals, List.of(), 0);
  }

  /**
   * One new generation.
   *
   * @param jar its bytes
   * @param kind what it is to the swap
   * @param replaces the generation that it takes over from
   * @param because what brings it into the plan, in words
   * @param alone why it cannot run beside the generation that it replaces; empty where it can
   * @param keepsState whether its manifest says that it keeps state
   * @param declared the contracts whose services its manifest declares; empty where it declares
   *     none, which says nothing
   * @param classes the contracts that it offers, as far as is known, and that are classes
   */
  public record Member(
      Jar jar,
      Plan.Kind kind,
      Optional<LiveGeneration> replaces,
      String because,
      Optional<String> alone,
      boolean keepsState,
      Set<String> declared,
      List<String> classes) {
    public Member {
      declared = Set.copyOf(declared);
      classes = List.copyOf(classes);
    }

    /** One without state that runs beside what it replaces. */
    public Member(Jar jar, Plan.Kind kind, Optional<LiveGeneration> replaces, String because) {
      this(jar, kind, replaces, because, Optional.empty(), false, Set.of(), List.of());
    }

    /** The same, that cannot run beside what it replaces, for that reason. */
    public Member alone(Optional<String> reason) {
      return new Member(jar, kind, replaces, because, reason, keepsState, declared, classes);
    }

    /** The same, that keeps state, or does not. */
    public Member keepsState(boolean keeps) {
      return new Member(jar, kind, replaces, because, alone, keeps, declared, classes);
    }

    /** The same, that is something else to the swap. */
    public Member as(Plan.Kind other) {
      return new Member(jar, other, replaces, because, alone, keepsState, declared, classes);
    }

    /** The same, whose manifest declares services of these contracts. */
    public Member declares(Set<String> contracts) {
      return new Member(jar, kind, replaces, because, alone, keepsState, contracts, classes);
    }

    /** The same, with those contracts that it offers and that are classes. */
    public Member offersClasses(List<String> contracts) {
      return new Member(jar, kind, replaces, because, alone, keepsState, declared, contracts);
    }

    /**
     * The contracts that the manifest of what it replaces declares, and its own does not any more,
     * although it declares others. Where somebody has put other bytes in the place of the old one,
     * nothing is known.
     */
    Set<String> dropped() {
      Set<String> dropped = new TreeSet<>();
      if (!declared.isEmpty()) {
        replaces.filter(old -> !old.isUpdated()).ifPresent(old -> dropped.addAll(old.declared()));
      }
      dropped.removeAll(declared);
      return dropped;
    }

    private List<String> undeclared() {
      if (declared.isEmpty() || replaces.isEmpty()) {
        return List.of();
      }
      return replaces.get().bindings().stream()
          .map(binding -> binding.contract().getName())
          .filter(contract -> !declared.contains(contract))
          .distinct()
          .sorted()
          .toList();
    }

    /** The same, one after the other where that makes a difference. */
    Member inPlace() {
      boolean chosen = alone.isEmpty() && replaces.isPresent() && !isLibrary();
      return chosen && kind != Plan.Kind.SAME_BYTES ? alone(Optional.of("asked for")) : this;
    }

    /** Whether what it replaces has to be stopped before it is started. */
    boolean isOneAfterTheOther() {
      return alone.isPresent() && replaces.isPresent();
    }

    /** What becomes of the state of what it replaces. */
    Plan.State state() {
      boolean kept = replaces.filter(LiveGeneration::hasState).isPresent();
      if (kind == Plan.Kind.SAME_BYTES) {
        return Plan.State.NONE;
      }
      return kept
          ? keepsState ? Plan.State.HANDED_OVER : Plan.State.DROPPED
          : keepsState ? Plan.State.BEGUN : Plan.State.NONE;
    }

    /** Whether it only exports packages, also when it is brought up once more. */
    boolean isLibrary() {
      return kind == Plan.Kind.LIBRARY
          || kind == Plan.Kind.FRAGMENT
          || (kind == Plan.Kind.RESTAGED && replaces.filter(LiveGeneration::isLibrary).isPresent());
    }

    /**
     * @param files the names of the files that were asked for, by their digests
     */
    Plan.Member told(Map<String, String> files) {
      return new Plan.Member(
          jar.plugin(),
          jar.version(),
          jar.sha256(),
          kind,
          isOneAfterTheOther() ? Mode.ONE_AFTER_THE_OTHER : Mode.SIDE_BY_SIDE,
          replaces.map(LiveGeneration::generation),
          because,
          alone.filter(reason -> isOneAfterTheOther()),
          state(),
          undeclared(),
          Optional.ofNullable(kind == Plan.Kind.RESTAGED ? null : files.get(jar.sha256())),
          classes);
    }
  }

  /** What of it has to be the same when it is carried out as when it was made. */
  Plan essence() {
    return new Plan(told(Map.of()), stays, refusals);
  }

  /**
   * @param files the names of the files that were asked for, by their digests
   */
  Plan toldOf(Map<String, String> files) {
    return new Plan(told(files), stays, outsiders, refusals, waits, untouched);
  }

  private List<Plan.Member> told(Map<String, String> files) {
    return members.stream().map(member -> member.told(files)).toList();
  }
}
