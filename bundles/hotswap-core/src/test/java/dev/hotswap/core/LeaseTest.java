package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseTest {
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
  void leaseTakenBeforePublishKeepsOldGeneration() {
    try (Lease<Greeter> lease = handle.lease()) {
      plugin.publish(Greeter.class, Greeter.saying("goodbye"));

      assertThat(lease.service().greet("Ada")).isEqualTo("hello Ada");
      assertThat(lease.generation().number()).isEqualTo(1);
    }
  }

  @Test
  void leaseTakenAfterPublishIsOnTheNewGeneration() {
    plugin.publish(Greeter.class, Greeter.saying("goodbye"));

    try (Lease<Greeter> lease = handle.lease()) {
      assertThat(lease.service().greet("Ada")).isEqualTo("goodbye Ada");
      assertThat(lease.generation()).isEqualTo(plugin.current().generation());
    }
  }

  @Test
  void leaseIsOneCallThatReturnsWhenClosed() {
    Lease<Greeter> lease = handle.lease();
    assertThat(binding.calls()).isEqualTo(new Calls(1, 0, 0));

    lease.close();

    assertThat(binding.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void leaseLeftOpenKeepsTheDrainFromEnding() {
    Lease<Greeter> lease = handle.lease();
    plugin.unload();
    assertThat(FakePlugin.drains(binding, MOMENT)).isFalse();

    lease.close();

    assertThat(FakePlugin.drains(binding)).isTrue();
  }

  @Test
  void leaseMayBeClosedOnAnotherThread() throws Exception {
    Lease<Greeter> lease = handle.lease();
    plugin.unload();

    crew.run("closer", lease::close).join();

    assertThat(FakePlugin.drains(binding)).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void closingTwiceCountsOnce() {
    try (Lease<Greeter> open = handle.lease()) {
      Lease<Greeter> lease = handle.lease();
      lease.close();
      lease.close();

      plugin.unload();

      assertThat(binding.calls()).isEqualTo(new Calls(2, 1, 0));
      assertThat(FakePlugin.drains(binding, MOMENT)).as(open + " is open").isFalse();
    }
  }

  @Test
  void closingOnTwoThreadsAtOnceCountsOnce() throws Exception {
    int rounds = 50_000;
    AtomicReference<Lease<Greeter>> toClose = new AtomicReference<>();
    Crew.Member<Void> other = crew.run("closer", () -> closeAsTheyCome(toClose, rounds));
    for (int i = 0; i < rounds; i++) {
      Lease<Greeter> lease = handle.lease();
      toClose.set(lease);
      spinUntil(() -> toClose.get() == null); // the other has it in hand
      lease.close();
    }
    other.join();

    assertThat(binding.calls()).isEqualTo(new Calls(rounds, rounds, 0));
  }

  @Test
  void serviceAfterCloseIsRefused() {
    Lease<Greeter> lease = handle.lease();
    lease.close();

    assertThatIllegalStateException()
        .isThrownBy(lease::service)
        .withMessageContaining("is closed")
        .withMessageContaining(Greeter.class.getName());
  }

  @Test
  void generationMayBeAskedAfterClose() {
    Lease<Greeter> lease = handle.lease();
    lease.close();

    assertThat(lease.generation()).isEqualTo(plugin.current().generation());
  }

  @Test
  void callInsideALeaseReachesTheNewestGeneration() {
    try (Lease<Greeter> lease = handle.lease()) {
      plugin.publish(Greeter.class, Greeter.saying("goodbye"));

      assertThat(handle.<String, RuntimeException>with(greeter -> greeter.greet("Ada")))
          .isEqualTo("goodbye Ada")
          .isNotEqualTo(lease.service().greet("Ada"));
    }
  }

  private static void closeAsTheyCome(AtomicReference<Lease<Greeter>> toClose, int rounds) {
    for (int i = 0; i < rounds; i++) {
      spinUntil(() -> toClose.get() != null);
      toClose.getAndSet(null).close();
    }
  }

  private static void spinUntil(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Crew.LIMIT.toNanos();
    for (int spins = 1; !condition.getAsBoolean(); spins++) {
      if (spins % 1_000 == 0) {
        Thread.yield();
        assertThat(System.nanoTime()).as("time").isLessThan(deadline);
      }
    }
  }
}
