package dev.hotswap.core;

import dev.hotswap.api.Generation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A framework without bundles: staging runs the test's own code, removing is written down. */
final class FakeInstaller implements Installer {
  final List<Generation> removed = new CopyOnWriteArrayList<>();
  private final Consumer<LiveGeneration> start;
  volatile Optional<Generation> definedBy = Optional.empty();

  FakeInstaller(Consumer<LiveGeneration> start) {
    this.start = start;
  }

  @Override
  public void checkSwappable(Jar jar, Subject subject) {
    // every name is
  }

  @Override
  public Staged stage(Jar jar, LiveGeneration generation, Subject subject) {
    start.accept(generation);
    return new Staged() {
      @Override
      public void remove() {
        removed.add(generation.generation());
      }

      @Override
      public List<String> keptBy() {
        return List.of();
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
