package dev.hotswap.osgi;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.StateKeeper;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.core.Installer;
import dev.hotswap.core.Jar;
import dev.hotswap.core.LiveGeneration;
import dev.hotswap.core.SetPlan;
import dev.hotswap.core.Staged;
import dev.hotswap.core.Subject;
import dev.hotswap.core.Thrown;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Brings generations up as bundles: each at a location of its own, beside those that run. */
final class BundleInstaller implements Installer {
  private final BundleContext context;
  private final Generations generations;
  private final FrameworkWiring wiring;
  private final BundleRemoval removal;
  private final Requirements requirements;
  private final ClassSpaceCheck classSpace;
  private final Components components;
  private final Set<String> contracts = new ConcurrentSkipListSet<>();
  private final Set<String> classContracts = new ConcurrentSkipListSet<>();

  BundleInstaller(BundleContext context, Generations generations) {
    this.context = context;
    this.generations = generations;
    this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    this.removal = new BundleRemoval(context);
    this.requirements = new Requirements(wiring, generations);
    this.classSpace = new ClassSpaceCheck(generations);
    this.components = new Components(context);
  }

  void addContract(Class<?> contract) {
    contracts.add(contract.getName());
    if (!contract.isInterface()) {
      classContracts.add(contract.getName());
    }
  }

  @Override
  public List<String> contracts() {
    return List.copyOf(contracts);
  }

  @Override
  public SetPlan plan(List<Jar> jars, Function<String, Optional<LiveGeneration>> current) {
    Planner.Contracts shared =
        new Planner.Contracts(contractPackages(), Set.copyOf(classContracts));
    return new Planner(generations, requirements, neverSwapped(), shared, current).plan(jars);
  }

  @Override
  public List<LiveGeneration> dependents(LiveGeneration provider) {
    BundleWiring wired =
        generations
            .bundle(provider)
            .map(bundle -> bundle.adapt(BundleWiring.class))
            .orElse(null); // null also where it is uninstalled
    return wired == null
        ? List.of()
        : wired.getProvidedWires(null).stream()
            .flatMap(wire -> generations.of(wire.getRequirer().getBundle()).stream())
            .filter(live -> live != provider)
            .distinct()
            .toList();
  }

  /** The bundles that no swap installed, by name, with their versions. */
  private Map<String, Version> neverSwapped() {
    Map<String, Version> versions = new HashMap<>();
    for (Bundle bundle : context.getBundles()) {
      // asked in this order: a generation is forgotten only after it is uninstalled
      boolean other = generations.of(bundle).isEmpty() && bundle.getState() != Bundle.UNINSTALLED;
      if (other && bundle.getSymbolicName() != null) {
        versions.put(bundle.getSymbolicName(), bundle.getVersion());
      }
    }
    return versions;
  }

  @Override
  public List<Staged> prepare(List<Newcomer> set) {
    Map<Newcomer, String> locations = new LinkedHashMap<>();
    set.forEach(newcomer -> locations.put(newcomer, location(newcomer.generation())));
    Set<String> arriving = Set.copyOf(locations.values());
    List<Bundle> bundles = new ArrayList<>();
    generations.arrive(arriving);
    try {
      locations.forEach((newcomer, location) -> bundles.add(install(newcomer, location)));
      generations.arrived(arriving);
      resolve(set, bundles);
      return bundles.stream().<Staged>map(StagedBundle::new).toList();
    } catch (RuntimeException | Error e) {
      bundles.forEach(this::discard);
      throw e;
    } finally {
      generations.arrived(arriving);
    }
  }

  private void resolve(List<Newcomer> set, List<Bundle> bundles) {
    Map<Bundle, Subject> now = new LinkedHashMap<>();
    for (int i = 0; i < bundles.size(); i++) {
      now.put(bundles.get(i), set.get(i).subject());
    }
    resolve(now);
  }

  private void resolve(Map<Bundle, Subject> bundles) {
    if (!bundles.isEmpty() && !wiring.resolveBundles(bundles.keySet())) {
      refuseUnresolved(bundles);
    }
    bundles.forEach((bundle, subject) -> classSpace.check(bundle, contractPackages(), subject));
  }

  @Override
  public Optional<Generation> definedBy(Class<?> type) {
    return generations.of(FrameworkUtil.getBundle(type)).map(LiveGeneration::generation);
  }

  /**
   * Removes every generation that is still installed, the youngest first: what others are wired to
   * was installed before them.
   *
   * @param step runs their stops
   */
  void removeAll(ClosingStep step) {
    List<Bundle> bundles = new ArrayList<>(Arrays.asList(context.getBundles()));
    Collections.reverse(bundles); // they come in the order of their ids
    for (Bundle bundle : bundles) {
      if (generations.of(bundle).isPresent() && !isBusy(bundle)) {
        step.run(() -> BundleRemoval.tryUninstall(bundle));
        generations.remove(bundle);
      }
    }
    try {
      removal.refreshFree();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its activator hangs: to stop it would wait for ever for the lock that it holds. */
  private static boolean isBusy(Bundle bundle) {
    return bundle.getState() == Bundle.STARTING || bundle.getState() == Bundle.STOPPING;
  }

  /**
   * The file where it lies, without a copy in the framework's cache. The generation has a name of
   * its own for that file: at a known location the framework silently answers the bundle that is
   * there.
   */
  private static String location(LiveGeneration generation) {
    return "reference:" + generation.file().toUri();
  }

  private Bundle install(Newcomer newcomer, String location) {
    try {
      Bundle bundle = context.installBundle(location);
      generations.put(bundle, newcomer.generation());
      return bundle;
    } catch (BundleException e) {
      throw new SwapRefusedException(
          new Refusal.NotABundle(
              newcomer.subject().what(),
              "the framework does not accept it: " + Planner.words(e),
              newcomer.subject().stands()));
    }
  }

  private void refuseUnresolved(Map<Bundle, Subject> bundles) {
    List<Refusal.Unresolvable> refusals = new ArrayList<>();
    bundles.forEach(
        (bundle, subject) -> {
          if (bundle.getState() == Bundle.INSTALLED) {
            refusals.add(
                new Refusal.Unresolvable(subject.what(), reasons(bundle), subject.stands()));
          }
        });
    if (!refusals.isEmpty()) {
      throw new SwapRefusedException(Refusal.Unresolvable.of(refusals));
    }
  }

  private List<String> reasons(Bundle bundle) {
    List<String> missing = requirements.missing(bundle, contractPackages());
    return missing.isEmpty() ? List.of(resolverWords(bundle)) : missing;
  }

  /**
   * Where nothing is missing (a conflict of uses), the framework's own words have to do, if it has
   * any. It is asked for a class that nobody has, and so to resolve, and not to start: should the
   * bundle resolve this time, none of its code runs.
   */
  private static String resolverWords(Bundle bundle) {
    try {
      bundle.loadClass("none");
    } catch (ClassNotFoundException e) {
      if (bundle.getState() == Bundle.INSTALLED) {
        String words = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
        return "each of its requirements is met, but not all of them together" + words;
      }
    }
    return "it did not resolve at first";
  }

  private Set<String> contractPackages() {
    Set<String> packages = new TreeSet<>();
    for (String contract : contracts) {
      packages.add(contract.substring(0, Math.max(0, contract.lastIndexOf('.'))));
    }
    return packages;
  }

  /** What the activator throws goes on as text: the object would keep the plugin's classes. */
  private static void start(Bundle bundle, Subject subject) {
    try {
      bundle.start(Bundle.START_TRANSIENT);
    } catch (BundleException e) {
      throw startFailed(subject, e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException | Error e) {
      throw startFailed(subject, e);
    }
  }

  private static SwapRefusedException startFailed(Subject subject, Throwable thrown) {
    return new SwapRefusedException(
        new Refusal.StartFailed(subject.what(), Thrown.asText(thrown), subject.stands()));
  }

  private static boolean isStateKeeper(ServiceReference<?> reference) {
    Object names = reference.getProperty(Constants.OBJECTCLASS);
    return Arrays.asList((String[]) names).contains(StateKeeper.class.getName());
  }

  /** On the asker's thread, which may be a listener's: a refresh waits for that, and not it. */
  private void discard(Bundle bundle) {
    try {
      removal.discard(bundle);
    } finally {
      generations.remove(bundle);
    }
  }

  private final class StagedBundle implements Staged {
    private final Bundle bundle;
    private volatile WeakReference<ClassLoader> started = new WeakReference<>(null);

    StagedBundle(Bundle bundle) {
      this.bundle = bundle;
    }

    @Override
    public void start(Subject subject) {
      if (bundle.getState() == Bundle.INSTALLED) {
        resolve(Map.of(bundle, subject));
      }
      if (!BundleRemoval.isFragment(bundle)) {
        BundleInstaller.start(bundle, subject);
        started = new WeakReference<>(wiredLoader().orElse(null));
        stateKeepers()
            .findFirst()
            .flatMap(keeper -> generations.of(bundle))
            .ifPresent(LiveGeneration::offersStateKeeper);
      }
    }

    @Override
    public void touch(Duration limit) {
      if (!BundleRemoval.isFragment(bundle)) {
        BundleClasses.load(bundle, limit);
      }
    }

    @Override
    public void remove() throws InterruptedException {
      try {
        removal.remove(bundle);
      } finally {
        if (bundle.getState() == Bundle.UNINSTALLED) { // else it is what it was
          generations.remove(bundle);
        }
      }
    }

    @Override
    public void stop() {
      BundleRemoval.stop(bundle);
    }

    @Override
    public Optional<StateKeeper> stateKeeper() {
      return stateKeepers()
          .map(context::getService)
          .filter(StateKeeper.class::isInstance)
          .map(StateKeeper.class::cast)
          .findFirst();
    }

    private Stream<ServiceReference<?>> stateKeepers() {
      ServiceReference<?>[] registered = bundle.getRegisteredServices();
      return Arrays.stream(registered == null ? new ServiceReference<?>[0] : registered)
          .filter(BundleInstaller::isStateKeeper);
    }

    @Override
    public void renumber(LiveGeneration generation) {
      generations.put(bundle, generation);
    }

    @Override
    public Optional<ClassLoader> loader() {
      // what somebody else has uninstalled has no wiring any more
      return wiredLoader().or(() -> Optional.ofNullable(started.get()));
    }

    /** That of a fragment is its host's. */
    private Optional<ClassLoader> wiredLoader() {
      return Optional.ofNullable(bundle.adapt(BundleWiring.class))
          .map(BundleWiring::getClassLoader);
    }

    @Override
    public String label() {
      return bundle.getSymbolicName()
          + " "
          + bundle.getVersion()
          + " [bundle "
          + bundle.getBundleId()
          + "]";
    }

    @Override
    public boolean isOutdated() {
      return classSpace.isOutdated(bundle);
    }

    @Override
    public List<String> unsatisfied() {
      return components.unsatisfied(bundle);
    }

    @Override
    public List<String> keptBy() {
      return removal.dependents(bundle);
    }
  }
}
