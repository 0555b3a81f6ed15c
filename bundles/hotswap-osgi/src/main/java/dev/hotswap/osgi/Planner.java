package dev.hotswap.osgi;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import dev.hotswap.core.Jar;
import dev.hotswap.core.LiveGeneration;
import dev.hotswap.core.SetPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Requirement;

/**
 * Finds out what a swap takes: who is wired to what it replaces, and so has to be brought up once
 * more beside itself; who cannot, and stays; and what speaks against it. Reads manifests and the
 * framework's wires, and changes nothing. Used by one thread.
 */
final class Planner {
  /** The namespace in which a bundle says that it cannot run twice. */
  private static final String EXCLUSIVE = "dev.hotswap.exclusive";

  private final Generations generations;
  private final Requirements requirements;
  private final Map<String, String> deployed;
  private final Function<String, Optional<LiveGeneration>> current;
  private final Candidates candidates = new Candidates();
  private final Map<String, SetPlan.Member> members = new LinkedHashMap<>();
  private final List<Plan.Stays> stays = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final Deque<LiveGeneration> replaced = new ArrayDeque<>();
  private final Set<LiveGeneration> staying = new HashSet<>();

  /**
   * @param deployed the names of the bundles that are never swapped, with their versions
   * @param current the current generation of a plugin
   */
  Planner(
      Generations generations,
      Requirements requirements,
      Map<String, String> deployed,
      Function<String, Optional<LiveGeneration>> current) {
    this.generations = generations;
    this.requirements = requirements;
    this.deployed = deployed;
    this.current = current;
  }

  SetPlan plan(List<Jar> jars) {
    jars.forEach(this::ask);
    while (!replaced.isEmpty()) {
      restageDependents(replaced.remove());
    }
    List<SetPlan.Member> ordered = new ArrayList<>();
    for (String plugin : candidates.providersFirst()) {
      ordered.add(members.get(plugin));
    }
    ordered.forEach(this::foresee);
    return new SetPlan(ordered, stays, refusals);
  }

  private void ask(Jar jar) {
    Optional<LiveGeneration> old = current.apply(jar.plugin());
    if (deployed.containsKey(jar.plugin())) {
      String reason =
          "a bundle of that name, "
              + deployed.get(jar.plugin())
              + ", was deployed at start and is never swapped";
      refusals.add(new Refusal.NotSwappable(jar.label(), reason, stands(old)));
      return;
    }
    Plan.Kind kind =
        isLibrary(jar)
            ? Plan.Kind.LIBRARY
            : old.isPresent() ? Plan.Kind.NEW_GENERATION : Plan.Kind.NEW_PLUGIN;
    add(new SetPlan.Member(jar, kind, old, "asked for: " + jar.sha256().substring(0, 12)));
    hostOf(jar).flatMap(current).ifPresent(host -> restage(host, "its fragment " + jar.label()));
  }

  private void add(SetPlan.Member member) {
    Jar jar = member.jar();
    try {
      candidates.add(jar);
      members.put(jar.plugin(), member.alone(alone(jar)));
      member.replaces().ifPresent(replaced::add);
    } catch (BundleException | IllegalArgumentException e) {
      String reason = "the framework does not accept it: " + e.getMessage();
      refusals.add(new Refusal.NotABundle(jar.label(), reason, stands(member.replaces())));
    }
  }

  /** Why it cannot run beside another generation of itself, in words. */
  private Optional<String> alone(Jar jar) {
    if (jar.isSingleton()) {
      return Optional.of("it is declared singleton:=true");
    }
    return candidates
        .capability(jar.plugin(), EXCLUSIVE, "resource")
        .map(resource -> "it has to itself: " + resource);
  }

  /** Its own code is called by nobody: it has none that starts, and gives packages or resources. */
  private static boolean isLibrary(Jar jar) {
    Map<String, String> headers = jar.headers();
    boolean active =
        headers.containsKey("Bundle-Activator") || headers.containsKey("Service-Component");
    return headers.containsKey("Fragment-Host")
        || (!active && headers.containsKey("Export-Package"));
  }

  private static Optional<String> hostOf(Jar jar) {
    return Optional.ofNullable(jar.headers().get("Fragment-Host"))
        .map(header -> header.split(";", 2)[0].trim());
  }

  private void restageDependents(LiveGeneration old) {
    String plugin = old.generation().plugin();
    for (BundleWire wire : providedWires(old)) {
      Optional<LiveGeneration> requirer = generations.of(wire.getRequirer().getBundle());
      requirer
          .filter(LiveGeneration::isCurrent)
          .filter(live -> live != old && !members.containsKey(live.generation().plugin()))
          .ifPresent(live -> restageOrStay(live, plugin, wire.getRequirement()));
    }
  }

  private List<BundleWire> providedWires(LiveGeneration generation) {
    BundleWiring wiring =
        generations.bundle(generation).map(bundle -> bundle.adapt(BundleWiring.class)).orElse(null);
    return wiring == null ? List.of() : wiring.getProvidedWires(null);
  }

  private void restageOrStay(LiveGeneration live, String plugin, BundleRequirement requirement) {
    String wire = Requirements.name(requirement);
    if (candidates.provides(plugin, requirement)) {
      restage(live, "wired to " + plugin + " by " + wire);
    } else if (staying.add(live)) {
      String because = "needs " + wire + " of " + plugin + ", which the new one does not provide";
      stays.add(new Plan.Stays(live.generation(), because));
    }
  }

  private void restage(LiveGeneration live, String because) {
    if (!members.containsKey(live.generation().plugin())) {
      add(new SetPlan.Member(live.jar(), Plan.Kind.RESTAGED, Optional.of(live), because));
    }
  }

  private void foresee(SetPlan.Member member) {
    List<String> missing = new ArrayList<>();
    for (Requirement requirement : candidates.requirements(member.jar().plugin())) {
      if (Requirements.isMandatory(requirement) && !isProvided(requirement)) {
        missing.add(Requirements.describe(requirement));
      }
    }
    if (!missing.isEmpty()) {
      refusals.add(
          new Refusal.Unresolvable(member.jar().label(), missing, stands(member.replaces())));
    }
  }

  private boolean isProvided(Requirement requirement) {
    return !candidates.providers(requirement).isEmpty()
        || requirements.providers(requirement).stream().anyMatch(this::remains);
  }

  /** Whether a staged generation may be wired to the bundle: it does not change in this swap. */
  private boolean remains(Bundle provider) {
    Optional<LiveGeneration> live = generations.of(provider);
    return provider.getState() != Bundle.UNINSTALLED
        && (live.isEmpty()
            || (live.get().isCurrent() && !candidates.contains(live.get().generation().plugin())));
  }

  private static Optional<Generation> stands(Optional<LiveGeneration> old) {
    return old.map(LiveGeneration::generation);
  }
}
