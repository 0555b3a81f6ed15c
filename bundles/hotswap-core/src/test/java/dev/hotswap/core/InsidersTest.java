package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Who is known to come from inside a call on a generation. */
class InsidersTest {
  private World world = new World(Duration.ZERO);
  private FakePlugin plugin = new FakePlugin(world, "asker");
  private Handle<Runnable> handle = world.handle(Runnable.class);
  private final AtomicBoolean inside = new AtomicBoolean();
  private final Insiders insiders = new Insiders(this::definedBy);
  private boolean hasCode = true;

  /** Code of the plugin, that is. */
  private final class Asking implements Runnable {
    @Override
    public void run() {
      inside.set(isInside());
    }
  }

  private Optional<Generation> definedBy(Class<?> type) {
    return hasCode && type == Asking.class
        ? Optional.of(plugin.current().generation())
        : Optional.empty();
  }

  private boolean isInside() {
    return insiders.include(List.of(plugin.current()));
  }

  private void publish() {
    plugin.publish(Runnable.class, new Asking());
  }

  @Test
  void nobodyIsInsideBeforeAndAfterACall() {
    publish();
    assertThat(isInside()).isFalse();
    handle.use(Runnable::run);
    assertThat(isInside()).isFalse();
    handle.use(Runnable::run);
    assertThat(isInside()).isFalse();
  }

  @Test
  void callIsKnownByItsPin() {
    hasCode = false;
    publish();
    for (int i = 0; i < 2; i++) { // by the shared lane, then by the owner's
      inside.set(false);
      handle.use(Runnable::run);
      assertThat(inside).isTrue();
    }
  }

  @Test
  void callOnAStripeThatIsAnothersIsKnownByItsPin() throws Exception {
    hasCode = false;
    publish();
    handle.use(ignored -> {}); // makes the stripe this thread's
    Runnable proxy = handle.proxy();
    Runnable reflected = ReflectedProxy.of((SlotHandle<Runnable>) handle);
    for (Runnable call : List.<Runnable>of(() -> handle.use(Runnable::run), proxy, reflected)) {
      inside.set(false);
      try (Crew crew = new Crew()) {
        crew.callOnTheStripeOf(
                Thread.currentThread(),
                "guest",
                () -> {
                  call.run();
                  assertThat(isInside()).as("after the call").isFalse();
                  return true;
                })
            .join();
      }
      assertThat(inside).isTrue();
    }
  }

  @Test
  void traversalIsKnownByItsPin() {
    hasCode = false;
    publish();
    world.handles(Runnable.class, ServiceFilter.ANY).useEach(Runnable::run);
    assertThat(inside).isTrue();
    assertThat(isInside()).as("after it").isFalse();
  }

  @Test
  void callInsideACallIsKnownByTheOuterOne() {
    hasCode = false;
    publish();
    handle.use(outer -> handle.use(Runnable::run));
    assertThat(inside).isTrue();
  }

  @Test
  void firstCallThroughAProxyIsKnownByItsPin() {
    hasCode = false;
    publish();
    handle.proxy().run();
    assertThat(inside).isTrue();
    assertThat(isInside()).as("after the call").isFalse();
  }

  @Test
  void firstCallThroughAProxyByReflectionIsKnownByItsPin() {
    hasCode = false;
    publish();
    ReflectedProxy.of((SlotHandle<Runnable>) handle).run();
    assertThat(inside).isTrue();
    assertThat(isInside()).as("after the call").isFalse();
  }

  @Test
  void trackedCallIsKnownByItsNote() {
    world = new World(Duration.ZERO, true);
    plugin = new FakePlugin(world, "asker");
    handle = world.handle(Runnable.class);
    hasCode = false;
    publish();
    handle.proxy().run();
    assertThat(inside).isTrue();
  }

  /** It may call what is swapped as often as it likes, and a drain would never find it empty. */
  @Test
  void threadOfThePluginsOwnIsNotInside() {
    publish();
    new Asking().run();
    assertThat(inside).isFalse();
  }

  @Test
  void callOnAnotherPluginIsNotInside() {
    publish();
    FakePlugin other = new FakePlugin(world, "other");
    LiveGeneration next = other.stage();
    other.offer(next, Comparable.class, ignored -> isInside() ? 1 : 0);
    other.publish(next);
    assertThat(world.handle(Comparable.class).<Integer, RuntimeException>with(this::compare))
        .isZero();
  }

  @SuppressWarnings("unchecked")
  private int compare(Comparable<?> of) {
    return ((Comparable<Object>) of).compareTo("any");
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void callOfAVirtualThreadIsKnown() throws Exception {
    publish();
    onAVirtualThread(() -> handle.use(Runnable::run));
    assertThat(inside).isTrue();
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void callOfAVirtualThreadIsKnownWithNoCodeOfThePluginOnTheStack() throws Exception {
    publish();
    onAVirtualThread(() -> handle.use(plugin -> inside.set(isInside())));
    assertThat(inside).isTrue();
    onAVirtualThread(() -> inside.set(isInside()));
    assertThat(inside).isFalse();
  }

  private static void onAVirtualThread(Runnable work) throws Exception {
    ExecutorService virtualThreads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    try {
      virtualThreads.submit(work).get(20, TimeUnit.SECONDS);
    } finally {
      virtualThreads.shutdownNow();
    }
  }
}
