package dev.hotswap.core;

import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
   */
  public record Member(
      Jar jar,
      Plan.Kind kind,
      Optional<LiveGeneration> replaces,
      String because,
      Optional<String> alone) {

    /** One that runs beside what it replaces. */
    public Member(Jar jar, Plan.Kind kind, Optional<LiveGeneration> replaces, String because) {
      this(jar, kind, replaces, because, Optional.empty());
    }

    /** The same, that cannot run beside what it replaces, for that reason. */
    public Member alone(Optional<String> reason) {
      return new Member(jar, kind, replaces, because, reason);
    }

    /** Whether it only exports packages, also when it is brought up once more. */
    boolean isLibrary() {
      return kind == Plan.Kind.LIBRARY
          || (kind == Plan.Kind.RESTAGED && replaces.filter(LiveGeneration::isLibrary).isPresent());
    }

    Plan.Member told() {
      return new Plan.Member(
          jar.plugin(),
          jar.version(),
          jar.sha256(),
          kind,
          alone.isPresent() && replaces.isPresent() ? Mode.ONE_AFTER_THE_OTHER : Mode.SIDE_BY_SIDE,
          replaces.map(LiveGeneration::generation),
          because);
    }
  }

  Plan told() {
    List<Plan.Member> told = new ArrayList<>();
    members.forEach(member -> told.add(member.told()));
    return new Plan(told, stays, refusals);
  }
}
