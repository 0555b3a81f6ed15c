package dev.hotswap.osgi;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import dev.hotswap.core.Jar;
import dev.hotswap.core.LiveGeneration;
import dev.hotswap.core.SetPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.felix.utils.manifest.Parser;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.HostNamespace;
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

  /** The namespace in which a bundle says that it keeps state. */
  private static final String STATE = "dev.hotswap.state";

  /** The namespace in which a bundle asks for somebody who starts code of its own. */
  private static final String EXTENDER = "osgi.extender";

  private final Generations generations;
  private final Requirements requirements;
  private final Map<String, Version> deployed;
  private final Contracts contracts;
  private final Function<String, Optional<LiveGeneration>> current;
  private final Candidates candidates = new Candidates();
  private final Map<String, SetPlan.Member> members = new LinkedHashMap<>();
  private final List<Plan.Stays> stays = new ArrayList<>();
  private final Map<Bundle, Plan.Outsider> outsiders = new LinkedHashMap<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final Deque<LiveGeneration> replaced = new ArrayDeque<>();
  private final Set<LiveGeneration> staying = new HashSet<>();

  /**
   * What callers and plugins share.
   *
   * @param packages the packages of all contracts
   * @param classes the names of those contracts that are classes
   */
  record Contracts(Set<String> packages, Set<String> classes) {}

  /**
   * @param deployed the names of the bundles that are never swapped, with their versions
   * @param contracts what callers and plugins share
   * @param current the current generation of a plugin that is not to go
   */
  Planner(
      Generations generations,
      Requirements requirements,
      Map<String, Version> deployed,
      Contracts contracts,
      Function<String, Optional<LiveGeneration>> current) {
    this.generations = generations;
    this.requirements = requirements;
    this.deployed = deployed;
    this.contracts = contracts;
    this.current = current;
  }

  SetPlan plan(List<Jar> jars) {
    jars.forEach(this::ask);
    jars.forEach(this::restageHost); // once it is known which hosts are asked for themselves
    while (!replaced.isEmpty()) {
      restageDependents(replaced.remove());
    }
    List<SetPlan.Member> ordered = new ArrayList<>();
    for (String plugin : candidates.providersFirst()) {
      SetPlan.Member member = members.get(plugin);
      ordered.add(contractOf(member).isPresent() ? member.as(Plan.Kind.CONTRACT) : member);
    }
    ordered.forEach(this::foresee);
    return new SetPlan(ordered, stays, List.copyOf(outsiders.values()), refusals, List.of(), 0);
  }

  private void ask(Jar jar) {
    Optional<LiveGeneration> old = current.apply(jar.plugin());
    Optional<String> taken = taken(jar.plugin());
    if (taken.isPresent()) {
      refusals.add(new Refusal.NotSwappable(jar.label(), taken.get(), stands(old)));
      return;
    }
    add(
        new SetPlan.Member(
            jar, kind(jar, old), old, "asked for: " + jar.sha256().substring(0, 12)));
  }

  private static Plan.Kind kind(Jar jar, Optional<LiveGeneration> old) {
    if (hostOf(jar).isPresent()) {
      return Plan.Kind.FRAGMENT;
    }
    if (isLibrary(jar)) {
      return Plan.Kind.LIBRARY;
    }
    return old.isPresent() ? Plan.Kind.NEW_GENERATION : Plan.Kind.NEW_PLUGIN;
  }

  /** To whom the name belongs, where that is never swapped. */
  private Optional<String> taken(String name) {
    if (name.equals(Constants.SYSTEM_BUNDLE_SYMBOLICNAME)) {
      return Optional.of("that is a name of the framework itself, which is never swapped");
    }
    return Optional.ofNullable(deployed.get(name))
        .map(
            version ->
                "a bundle of that name, "
                    + version
                    + ", was deployed at start and is never swapped");
  }

  /** A running host never takes a fragment on: its next generation does. */
  private void restageHost(Jar jar) {
    Optional<String> host = hostOf(jar).filter(name -> members.containsKey(jar.plugin()));
    host.flatMap(current).ifPresent(live -> restage(live, "its fragment " + jar.label()));
  }

  private void add(SetPlan.Member member) {
    Jar jar = member.jar();
    try {
      candidates.add(jar);
      boolean keepsState = candidates.capability(jar.plugin(), STATE, "").isPresent();
      members.put(
          jar.plugin(),
          member
              .alone(alone(jar))
              .keepsState(keepsState)
              .declares(candidates.declaredServices(jar.plugin()))
              .offersClasses(classContracts(member)));
      member.replaces().ifPresent(replaced::add);
    } catch (BundleException | IllegalArgumentException e) {
      String reason = "the framework does not accept it: " + words(e);
      refusals.add(new Refusal.NotABundle(jar.label(), reason, stands(member.replaces())));
    }
  }

  /** By what its manifest declares, and by what the one before it offers. */
  private List<String> classContracts(SetPlan.Member member) {
    if (contracts.classes.isEmpty()) {
      return List.of();
    }
    Set<String> offered = new TreeSet<>(candidates.declaredServices(member.jar().plugin()));
    member.replaces().ifPresent(old -> offered.addAll(contracts(old)));
    offered.retainAll(contracts.classes);
    return List.copyOf(offered);
  }

  private static List<String> contracts(LiveGeneration live) {
    return live.bindings().stream().map(binding -> binding.contract().getName()).toList();
  }

  /** All that was said on the way: which header and which value may stand in the cause only. */
  static String words(Throwable thrown) {
    StringJoiner words = new StringJoiner(": ");
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      words.add(String.valueOf(each.getMessage()));
    }
    return words.toString();
  }

  /** Why it cannot run beside another generation of itself, in words. */
  private Optional<String> alone(Jar jar) {
    if (isSingleton(jar)) {
      return Optional.of("it is declared singleton:=true");
    }
    return candidates
        .capability(jar.plugin(), EXCLUSIVE, "resource")
        .map(resource -> "it has to itself: " + resource);
  }

  private static boolean isSingleton(Jar jar) {
    String header = jar.headers().get(Constants.BUNDLE_SYMBOLICNAME);
    return header.contains(Constants.SINGLETON_DIRECTIVE) // few are, and to parse it takes a while
        && Arrays.stream(Parser.parseHeader(header))
            .anyMatch(name -> "true".equals(name.getDirective(Constants.SINGLETON_DIRECTIVE)));
  }

  /** Its own code is called by nobody: it has none that starts, and gives packages or resources. */
  private static boolean isLibrary(Jar jar) {
    Map<String, String> headers = jar.headers();
    boolean active =
        headers.containsKey("Bundle-Activator")
            || headers.containsKey("Service-Component")
            || isExtended(headers);
    return !active && headers.containsKey("Export-Package");
  }

  /**
   * Code of it is started by an extender: Declarative Services, Blueprint, CDI and so on. The one
   * for the JDK's service loader starts none: it lets a library find implementations.
   */
  private static boolean isExtended(Map<String, String> headers) {
    try {
      return Arrays.stream(Parser.parseHeader(headers.get("Require-Capability")))
          .filter(required -> required.getName().equals(EXTENDER))
          .map(required -> String.valueOf(required.getDirective("filter")))
          .anyMatch(filter -> !filter.contains("osgi.serviceloader"));
    } catch (IllegalArgumentException e) {
      return false; // the manifest is refused, see add
    }
  }

  private static Optional<String> hostOf(Jar jar) {
    return Optional.ofNullable(jar.headers().get("Fragment-Host"))
        .map(header -> header.split(";", 2)[0].trim());
  }

  /** Fragments first: what others are wired to may be theirs. */
  private void restageDependents(LiveGeneration old) {
    String plugin = old.generation().plugin();
    List<BundleWire> wires = new ArrayList<>(providedWires(old));
    wires.sort(Comparator.comparing(wire -> !isOfFragment(wire)));
    for (BundleWire wire : wires) {
      Optional<LiveGeneration> requirer = generations.of(wire.getRequirer().getBundle());
      if (requirer.isEmpty()) {
        noteOutsider(wire, plugin);
      }
      requirer
          .filter(live -> isCurrent(live) && live != old)
          .filter(live -> !members.containsKey(live.generation().plugin()))
          .ifPresent(live -> restageOrStay(live, plugin, wire.getRequirement()));
    }
  }

  /** Nobody brings it up once more: that would stop what is not ours. */
  private void noteOutsider(BundleWire wire, String plugin) {
    Bundle bundle = wire.getRequirer().getBundle();
    if (bundle.getState() != Bundle.UNINSTALLED) {
      String name =
          bundle.getSymbolicName()
              + " "
              + bundle.getVersion()
              + " [bundle "
              + bundle.getBundleId()
              + "]";
      String because =
          "wired to "
              + plugin
              + " by "
              + Requirements.name(wire.getRequirement())
              + ", not managed by Hotswap; keeps the old one";
      outsiders.putIfAbsent(bundle, new Plan.Outsider(name, because));
    }
  }

  private static boolean isOfFragment(BundleWire wire) {
    return wire.getRequirement().getNamespace().equals(HostNamespace.HOST_NAMESPACE);
  }

  private boolean isCurrent(LiveGeneration live) {
    return current.apply(live.generation().plugin()).filter(live::equals).isPresent();
  }

  private List<BundleWire> providedWires(LiveGeneration generation) {
    return wires(generation, wiring -> wiring.getProvidedWires(null));
  }

  private List<BundleWire> wires(
      LiveGeneration generation, Function<BundleWiring, List<BundleWire>> which) {
    BundleWiring wiring =
        generations.bundle(generation).map(bundle -> bundle.adapt(BundleWiring.class)).orElse(null);
    return wiring == null ? List.of() : which.apply(wiring);
  }

  /** Brought up once more it must find all that it is wired to now. */
  private void restageOrStay(LiveGeneration live, String plugin, BundleRequirement requirement) {
    Optional<BundleWire> lost =
        wires(live, wiring -> wiring.getRequiredWires(null)).stream()
            .filter(wire -> !isProvided(wire.getRequirement()))
            .findFirst();
    if (lost.isEmpty()) {
      restage(live, "wired to " + plugin + " by " + Requirements.name(requirement));
    } else if (staying.add(live)) {
      String because =
          "needs "
              + Requirements.name(lost.get().getRequirement())
              + " of "
              + lost.get().getProvider().getSymbolicName()
              + ", which the new one does not provide";
      stays.add(new Plan.Stays(live.generation(), because));
    }
  }

  private void restage(LiveGeneration live, String because) {
    if (!members.containsKey(live.generation().plugin())) {
      add(new SetPlan.Member(live.jar(), Plan.Kind.RESTAGED, Optional.of(live), because));
    }
  }

  private void foresee(SetPlan.Member member) {
    Optional<String> never = neverSwapped(member);
    if (never.isPresent()) {
      refusals.add(
          new Refusal.NotSwappable(member.jar().label(), never.get(), stands(member.replaces())));
      return;
    }
    Optional<String> embedded = embedded(member);
    if (embedded.isPresent()) {
      refusals.add(
          new Refusal.EmbeddedContract(
              member.jar().label(), embedded.get(), stands(member.replaces())));
      return;
    }
    List<String> missing = new ArrayList<>();
    for (Requirement requirement : candidates.requirements(member.jar().plugin())) {
      if (Requirements.isMandatory(requirement) && !isProvided(requirement)) {
        missing.add(requirements.describe(requirement, contracts.packages));
      }
    }
    if (!missing.isEmpty()) {
      refusals.add(
          new Refusal.Unresolvable(member.jar().label(), missing, stands(member.replaces())));
    }
  }

  /**
   * The package of a contract that it exports and could only be wired to itself for, as where that
   * is of a version that nobody else has.
   */
  private Optional<String> embedded(SetPlan.Member member) {
    Jar jar = member.jar();
    return contracts.packages.stream()
        .filter(name -> candidates.exports(jar.plugin(), name))
        .filter(name -> candidates.imports(jar.plugin(), name).stream().noneMatch(this::isShared))
        .filter(name -> JarClasses.areIn(jar.file(), name))
        .findFirst();
  }

  /** Whether a bundle that is there, and stays, provides it. */
  private boolean isShared(Requirement requirement) {
    return requirements.providers(requirement).stream().anyMatch(this::remains);
  }

  /** Why a library or a fragment belongs to what stays as long as the host is open. */
  private Optional<String> neverSwapped(SetPlan.Member member) {
    if (member.kind() == Plan.Kind.FRAGMENT) {
      return hostOf(member.jar())
          .filter(deployed::containsKey)
          .map(name -> "its host " + name + " was deployed at start and is never swapped");
    }
    return contractOf(member)
        .map(
            name ->
                "it exports "
                    + name
                    + ", the package of a contract, which callers and plugins share"
                    + " for as long as the host is open");
  }

  /** The package of a contract that a library gives to others, if there is one. */
  private Optional<String> contractOf(SetPlan.Member member) {
    return switch (member.kind()) {
      case LIBRARY, FRAGMENT, CONTRACT ->
          candidates.ownPackage(member.jar().plugin(), contracts.packages);
      default -> Optional.empty();
    };
  }

  private boolean isProvided(Requirement requirement) {
    return !candidates.providers(requirement).isEmpty() || isShared(requirement);
  }

  /** Whether a staged generation may be wired to the bundle: it does not change in this swap. */
  private boolean remains(Bundle provider) {
    Optional<LiveGeneration> live = generations.of(provider);
    return provider.getState() != Bundle.UNINSTALLED
        && (live.isEmpty()
            || (isCurrent(live.get()) && !candidates.contains(live.get().generation().plugin())));
  }

  private static Optional<Generation> stands(Optional<LiveGeneration> old) {
    return old.map(LiveGeneration::generation);
  }
}
