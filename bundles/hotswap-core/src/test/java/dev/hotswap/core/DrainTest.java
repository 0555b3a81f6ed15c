package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrainTest {
  private static final Duration MOMENT = Duration.ofMillis(20);

  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "greeter");
  private final Handle<Greeter> handle = world.handle(Greeter.class);
  private final Crew crew = new Crew();
  private Binding<Greeter> binding;

  @BeforeEach
  void publishFirstGeneration() {
    binding = plugin.publish(Greeter.class, Greeter.saying("hello"));
  }

  @AfterEach
  void dismissCrew() {
    crew.close();
  }

  @Test
  void generationThatNobodyCallsIsDrainedAsSoonAsItIsRetired() {
    assertThat(binding.isDrained()).isFalse();

    plugin.unload();

    assertThat(binding.isDrained()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void drainEndsWithTheLastCall(int callsBefore) throws Exception {
    Visit first = Visit.begin(crew, handle, callsBefore);
    Visit last = Visit.begin(crew, handle, callsBefore);
    plugin.unload();

    first.end();
    assertThat(FakePlugin.drains(binding, MOMENT)).isFalse();
    last.end();
    assertThat(FakePlugin.drains(binding)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whoeverWaitsForTheDrainIsWokenByTheLastCall(int callsBefore) throws Exception {
    Visit visit = Visit.begin(crew, handle, callsBefore);
    plugin.unload();
    Crew.Member<Boolean> waiter = crew.call("waiter", () -> FakePlugin.drains(binding));
    waiter.awaitParked();

    visit.end();

    assertThat(waiter.join()).isTrue();
  }

  @Test
  void waitForTheDrainEndsAtItsLimit() {
    handle.use(
        greeter -> {
          plugin.unload();
          long start = System.nanoTime();
          assertThat(FakePlugin.drains(binding, MOMENT)).isFalse();
          assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MOMENT.toNanos());
        });
  }

  @Test
  void waitForTheDrainCanBeInterrupted() throws Exception {
    Visit visit = Visit.begin(crew, handle, 0);
    plugin.unload();
    Crew.Member<Boolean> waiter =
        crew.call("waiter", () -> binding.awaitDrained(Crew.LIMIT.toNanos()));
    waiter.awaitParked();

    waiter.thread().interrupt();

    assertThatThrownBy(waiter::join).isInstanceOf(InterruptedException.class);
    visit.end();
  }

  @Test
  void retiringTwiceIsRetiringOnce() {
    handle.use(
        greeter -> {
          plugin.unload();
          binding.retire();
          assertThat(binding.isDrained()).isFalse();
        });

    binding.retire();

    assertThat(FakePlugin.drains(binding)).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void countsOfADrainedGenerationStayAsTheyAre() {
    handle.use(greeter -> greeter.greet("Ada"));
    plugin.publish(Greeter.class, Greeter.saying("goodbye"));

    handle.use(greeter -> greeter.greet("Ada"));

    assertThat(binding.calls()).isEqualTo(new Calls(1, 1, 0));
  }
}
