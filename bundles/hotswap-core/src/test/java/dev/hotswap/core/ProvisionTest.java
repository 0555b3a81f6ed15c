package dev.hotswap.core;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the watcher of a world is told, and what it finds then. */
class ProvisionTest {
  private final List<String> told = new ArrayList<>();
  private final World world = new World(Duration.ZERO, false, this::note);
  private final FakePlugin plugin = new FakePlugin(world, "greeter");
  private final Handle<Greeter> handle = world.handle(Greeter.class);
  private final ExecutorService others = Executors.newSingleThreadExecutor();
  private Optional<Handle<Greeter>> call = Optional.empty();
  private boolean onAnotherThread;

  private void note(Set<Class<?>> contracts) {
    for (Class<?> contract : contracts) {
      boolean provided =
          onAnotherThread
              ? CompletableFuture.supplyAsync(() -> world.provides(contract), others)
                  .orTimeout(1, SECONDS)
                  .join()
              : world.provides(contract);
      told.add(contract.getSimpleName() + (provided ? " is" : " is not"));
      call.ifPresent(answering -> told.add(answering.with(greeter -> greeter.greet("watcher"))));
    }
  }

  @AfterEach
  void endThread() {
    others.shutdownNow();
  }

  @Test
  void stagedServiceIsNoProvider() {
    plugin.offer(plugin.stage(), Greeter.class, Greeter.saying("hello"));
    assertThat(told).isEmpty();
    assertThat(world.provides(Greeter.class)).isFalse();
  }

  @Test
  void providerIsThereThroughoutAPublish() {
    plugin.publish(Greeter.class, Greeter.saying("hello"));
    plugin.publish(Greeter.class, Greeter.saying("welcome"));
    assertThat(told).containsOnly("Greeter is");
  }

  @Test
  void serviceThatACurrentGenerationOffersLaterIsAProvider() {
    LiveGeneration empty = plugin.stage();
    plugin.publish(empty);
    plugin.offer(empty, Greeter.class, Greeter.saying("hello"));
    assertThat(told).containsExactly("Greeter is");
  }

  @Test
  void withdrawalIsAnnouncedWhileCallsStillReachTheService() {
    Binding<Greeter> binding = plugin.publish(Greeter.class, Greeter.saying("hello"));
    told.clear();
    call = Optional.of(handle);
    world.withdraw(binding, Duration.ZERO);
    assertThat(told).containsExactly("Greeter is not", "hello watcher");
  }

  @Test
  void leaveOfAGenerationIsAnnouncedWhileCallsStillReachIt() {
    plugin.publish(Greeter.class, Greeter.saying("hello"));
    told.clear();
    call = Optional.of(handle);
    world.announceLeave(plugin.current());
    assertThat(told).containsExactly("Greeter is not", "hello watcher");
  }

  @Test
  void otherProviderStaysWhenOneAnnouncesItsLeave() {
    plugin.publish(Greeter.class, Greeter.saying("hello"));
    new FakePlugin(world, "other").publish(Greeter.class, Greeter.saying("other"));
    told.clear();
    world.announceLeave(plugin.current());
    assertThat(told).containsExactly("Greeter is");
  }

  @Test
  void watcherIsToldUnderNoLock() {
    plugin.publish(Greeter.class, Greeter.saying("hello"));
    told.clear();
    onAnotherThread = true;
    plugin.publish(Greeter.class, Greeter.saying("welcome"));
    world.withdraw(plugin.current(), Duration.ZERO);
    assertThat(told).containsExactly("Greeter is", "Greeter is not");
  }
}
