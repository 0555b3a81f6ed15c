package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NestedCallTest {
  private static final Duration MOMENT = Duration.ofMillis(10);

  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "greeter");
  private final Handle<Greeter> handle = world.handle(Greeter.class);
  private Binding<Greeter> old;

  @BeforeEach
  void publishFirstGeneration() {
    old = plugin.publish(Greeter.class, Greeter.saying("hello"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void innerCallAfterPublishReachesTheNewGenerationWhileTheOuterPinsTheOld(int callsBefore) {
    warmUp(callsBefore);

    handle.use(
        outer -> {
          plugin.publish(Greeter.class, Greeter.saying("goodbye"));
          assertThat(greet()).isEqualTo("goodbye Ada");
          assertThat(outer.greet("Ada")).isEqualTo("hello Ada");
          assertThat(FakePlugin.drains(old, MOMENT)).isFalse();
        });

    assertThat(FakePlugin.drains(old)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void innerCallThatEndsLeavesTheOuterOnePinned(int callsBefore) {
    warmUp(callsBefore);

    handle.use(
        outer -> {
          greet();
          plugin.unload();
          assertThat(FakePlugin.drains(old, MOMENT)).isFalse();
        });

    assertThat(FakePlugin.drains(old)).isTrue();
  }

  @Test
  void innerCallThatThrowsLeavesTheOuterOnePinned() {
    warmUp(1);

    handle.use(
        outer -> {
          assertThat(catchThrowable(this::fail)).isInstanceOf(ArithmeticException.class);
          plugin.unload();
          assertThat(FakePlugin.drains(old, MOMENT)).isFalse();
        });

    assertThat(old.calls()).isEqualTo(new Calls(3, 2, 1));
  }

  @Test
  void everyLevelOfARecursionIsACallOfItsOwn() {
    warmUp(1);

    descend(5);

    assertThat(old.calls()).isEqualTo(new Calls(6, 6, 0));
  }

  @Test
  void callAcrossManyGenerationsPinsEachThatItIsInside() {
    Binding<Greeter> second =
        handle.with(
            first -> {
              Binding<Greeter> next = plugin.publish(Greeter.class, Greeter.saying("second"));
              handle.use(
                  inner -> {
                    plugin.unload();
                    assertThat(FakePlugin.drains(next, MOMENT)).isFalse();
                    assertThat(FakePlugin.drains(old, MOMENT)).isFalse();
                  });
              assertThat(FakePlugin.drains(next)).isTrue();
              assertThat(FakePlugin.drains(old, MOMENT)).isFalse();
              return next;
            });

    assertThat(FakePlugin.drains(old)).isTrue();
    assertThat(second.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  private String greet() {
    return handle.with(greeter -> greeter.greet("Ada"));
  }

  private void fail() {
    handle.use(
        greeter -> {
          throw new ArithmeticException("the plugin's own");
        });
  }

  private void descend(int levels) {
    if (levels > 0) {
      handle.use(greeter -> descend(levels - 1));
    }
  }

  private void warmUp(int calls) {
    for (int i = 0; i < calls; i++) {
      greet();
    }
  }
}
