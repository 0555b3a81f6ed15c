package dev.hotswap.core;

import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What staging some bytes would do: what the framework's side finds out of their manifests, and
 * what is known here of what is current and of who is answered by it. Changes nothing. Used in
 * turn.
 */
final class Planning {
  private final World world;
  private final Installer installer;
  private final Ledger ledger;

  Planning(World world, Installer installer, Ledger ledger) {
    this.world = world;
    this.installer = installer;
    this.ledger = ledger;
  }

  /**
   * What is asked for.
   *
   * @param jars the bytes, which are the caller's no more
   * @param leaving what goes with the same publish, and is not to be brought up once more
   * @param inPlace whether one after the other is asked for
   */
  record Wish(List<Jar> jars, List<LiveGeneration> leaving, boolean inPlace) {}

  /**
   * The plan, with every refusal that can be foreseen.
   *
   * @return with those first whose bytes are current, which are not brought up
   */
  SetPlan of(Wish wish) {
    Map<String, Jar> byPlugin = new LinkedHashMap<>();
    List<Refusal> refusals = new ArrayList<>();
    for (Jar jar : wish.jars()) {
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
            plugin -> ledger.current(plugin).filter(live -> !wish.leaving().contains(live)));
    Set<String> moving = new TreeSet<>();
    plan.members().forEach(member -> moving.add(member.jar().plugin()));
    same.removeIf(member -> moving.contains(member.jar().plugin())); // brought up all the same
    for (SetPlan.Member member : plan.members()) {
      same.add(wish.inPlace() ? member.inPlace() : member);
      dropped(member).ifPresent(refusals::add);
    }
    refusals.addAll(plan.refusals());
    return new SetPlan(
        same,
        plan.stays(),
        plan.outsiders(),
        refusals,
        ledger.places().waits(same),
        untouched(same, plan));
  }

  private int untouched(List<SetPlan.Member> members, SetPlan plan) {
    Set<String> named = new HashSet<>();
    members.forEach(member -> named.add(member.jar().plugin()));
    plan.stays().forEach(stay -> named.add(stay.generation().plugin()));
    return ledger.countCurrent(named);
  }

  /** What callers get from the old one and the new one certainly does not offer. */
  private Optional<Refusal> dropped(SetPlan.Member member) {
    List<String> dropped = new ArrayList<>();
    needed(member).forEach(contract -> dropped.add(contract.getName()));
    dropped.retainAll(member.dropped());
    Collections.sort(dropped);
    List<String> declared = member.declared().stream().sorted().toList();
    Subject subject = ledger.subject(member.jar());
    return dropped.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Refusal.ContractDropped(subject.what(), dropped, declared, subject.stands()));
  }

  /** The contracts for which callers are answered by the generation that it takes over from. */
  Set<Class<?>> needed(SetPlan.Member member) {
    return member.replaces().map(world::answeredBy).orElse(Set.of());
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

  /** The bytes that were asked for, of what is to be brought up. */
  static List<Jar> asked(SetPlan plan) {
    List<Jar> jars = new ArrayList<>();
    for (SetPlan.Member member : plan.members()) {
      if (member.kind() != Plan.Kind.RESTAGED) {
        jars.add(member.jar());
      }
    }
    return jars;
  }

  /**
   * @throws SwapRefusedException when something is to be refused: for the first reason, with the
   *     names of all plugins of which it is one
   */
  static void requireFeasible(SetPlan plan) {
    List<Refusal> refusals = plan.refusals();
    List<Refusal.Unresolvable> unresolvable = new ArrayList<>();
    for (Refusal refusal : refusals) {
      if (refusal instanceof Refusal.Unresolvable one) {
        unresolvable.add(one);
      }
    }
    if (!refusals.isEmpty()) {
      boolean named = refusals.get(0) instanceof Refusal.Unresolvable;
      throw new SwapRefusedException(
          named ? Refusal.Unresolvable.of(unresolvable) : refusals.get(0));
    }
  }
}
