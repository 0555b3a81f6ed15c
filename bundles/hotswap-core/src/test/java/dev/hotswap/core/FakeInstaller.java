package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Plan;
import dev.hotswap.api.StateKeeper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A framework without bundles: staging runs the test's own code, removing is written down. */
class FakeInstaller implements Installer {
  final List<Generation> stopped = new CopyOnWriteArrayList<>();
  final List<Generation> removed = new CopyOnWriteArrayList<>();
  private final Consumer<LiveGeneration> start;
  volatile Optional<Generation> definedBy = Optional.empty();
  volatile Consumer<LiveGeneration> stop = generation -> {};
  volatile Optional<String> alone = Optional.empty();
  volatile Removal removal = generation -> {};
  volatile Predicate<LiveGeneration> outdated = generation -> false;
  volatile Consumer<LiveGeneration> renumbered = generation -> {};
  volatile Function<LiveGeneration, List<String>> keptBy = generation -> List.of();
  volatile Supplier<Optional<ClassLoader>> loader = Optional::empty;
  volatile Function<LiveGeneration, List<LiveGeneration>> dependents = provider -> List.of();

  /** What happens where a bundle is removed. */
  interface Removal {
    void of(LiveGeneration generation) throws InterruptedException;
  }

  FakeInstaller(Consumer<LiveGeneration> start) {
    this.start = start;
  }

  @Override
  public List<LiveGeneration> dependents(LiveGeneration provider) {
    return dependents.apply(provider);
  }

  @Override
  public SetPlan plan(List<Jar> jars, Function<String, Optional<LiveGeneration>> current) {
    return new SetPlan(
        jars.stream()
            .map(
                jar ->
                    new SetPlan.Member(
                            jar, Plan.Kind.NEW_GENERATION, current.apply(jar.plugin()), "asked for")
                        .alone(alone)
                        .keepsState(jar.headers().containsKey("Keeps-State")))
            .toList(),
        List.of(),
        List.of());
  }

  @Override
  public List<Staged> prepare(List<Newcomer> set) {
    return set.stream().map(newcomer -> staged(newcomer.generation())).toList();
  }

  private Staged staged(LiveGeneration first) {
    return new Staged() {
      private LiveGeneration generation = first;

      @Override
      public void start(Subject subject) {
        start.accept(generation);
      }

      @Override
      public void touch(Duration limit) {
        // it has no classes of its own
      }

      @Override
      public void stop() {
        stop.accept(generation);
        stopped.add(generation.generation());
      }

      @Override
      public Optional<StateKeeper> stateKeeper() {
        return Optional.empty();
      }

      @Override
      public void renumber(LiveGeneration next) {
        generation = next;
        renumbered.accept(next);
      }

      @Override
      public void remove() throws InterruptedException {
        removal.of(generation);
        removed.add(generation.generation());
      }

      @Override
      public Optional<ClassLoader> loader() {
        return loader.get();
      }

      @Override
      public String label() {
        return generation + " [fake]";
      }

      @Override
      public boolean isSingleton() {
        return generation.jar().headers().get("Bundle-SymbolicName").endsWith(";singleton:=true");
      }

      @Override
      public boolean isOutdated() {
        return outdated.test(generation);
      }

      @Override
      public List<String> unsatisfied() {
        return List.of();
      }

      @Override
      public List<String> keptBy() {
        return keptBy.apply(generation);
      }
    };
  }

  @Override
  public List<String> contracts() {
    return List.of("a contract");
  }

  @Override
  public Optional<Generation> definedBy(Class<?> type) {
    return definedBy;
  }
}
