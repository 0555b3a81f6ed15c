package dev.hotswap.core;

import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A plan with what it takes to carry it out.
 *
 * @param members who gets a new generation, those first that others are wired to
 * @param stays who goes on with the old of something that is replaced
 * @param refusals what speaks against it
 */
public record SetPlan(List<Member> members, List<Plan.Stays> stays, List<Refusal> refusals) {
  public SetPlan {
    members = List.copyOf(members);
    stays = List.copyOf(stays);
    refusals = List.copyOf(refusals);
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
   */
  public record Member(
      Jar jar,
      Plan.Kind kind,
      Optional<LiveGeneration> replaces,
      String because,
      Optional<String> alone,
      boolean keepsState,
      Set<String> declared) {
    public Member {
      declared = Set.copyOf(declared);
    }

    /** One without state that runs beside what it replaces. */
    public Member(Jar jar, Plan.Kind kind, Optional<LiveGeneration> replaces, String because) {
      this(jar, kind, replaces, because, Optional.empty(), false, Set.of());
    }

    /** The same, that cannot run beside what it replaces, for that reason. */
    public Member alone(Optional<String> reason) {
      return new Member(jar, kind, replaces, because, reason, keepsState, declared);
    }

    /** The same, that keeps state, or does not. */
    public Member keepsState(boolean keeps) {
      return new Member(jar, kind, replaces, because, alone, keeps, declared);
    }

    /** The same, that is something else to the swap. */
    public Member as(Plan.Kind other) {
      return new Member(jar, other, replaces, because, alone, keepsState, declared);
    }

    /** The same, whose manifest declares services of these contracts. */
    public Member declares(Set<String> contracts) {
      return new Member(jar, kind, replaces, because, alone, keepsState, contracts);
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

    Plan.Member told() {
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
          undeclared());
    }
  }

  Plan told() {
    List<Plan.Member> told = new ArrayList<>();
    members.forEach(member -> told.add(member.told()));
    return new Plan(told, stays, refusals);
  }
}
