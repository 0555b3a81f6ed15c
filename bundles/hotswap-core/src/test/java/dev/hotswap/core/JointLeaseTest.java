package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Call;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Lease;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Use;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JointLeaseTest {
  private static final Duration MOMENT = Duration.ofMillis(20);

  private final World world = new World(MOMENT);
  private final FakePlugin greeters = new FakePlugin(world, "greeter");
  private final FakePlugin runners = new FakePlugin(world, "runner");
  private final Handle<Greeter> greeter = world.handle(Greeter.class);
  private final Handle<Runnable> runner = world.handle(Runnable.class);
  private final Crew crew = new Crew();

  @AfterEach
  void dismissCrew() {
    crew.close();
  }

  @Test
  void serviceAndGenerationAreThoseOfEachHandle() {
    Runnable running = () -> {};
    greeters.publish(Greeter.class, Greeter.saying("hello"));
    runners.publish(Runnable.class, running);

    try (JointLease lease = world.lease(List.of(greeter, runner))) {
      assertThat(lease.service(greeter).greet("Ada")).isEqualTo("hello Ada");
      assertThat(lease.service(runner)).isSameAs(running);
      assertThat(lease.generation(greeter)).isEqualTo(greeters.current().generation());
      assertThat(lease.generation(runner)).isEqualTo(runners.current().generation());
    }
  }

  @Test
  void everyPinnedGenerationIsKeptUntilTheLeaseIsClosed() {
    Binding<Greeter> first = greeters.publish(Greeter.class, Greeter.saying("hello"));
    Binding<Runnable> second = runners.publish(Runnable.class, () -> {});
    JointLease lease = world.lease(List.of(greeter, runner));
    greeters.unload();
    runners.unload();
    assertThat(FakePlugin.drains(first, MOMENT)).isFalse();
    assertThat(FakePlugin.drains(second, MOMENT)).isFalse();

    lease.close();

    assertThat(FakePlugin.drains(first)).isTrue();
    assertThat(FakePlugin.drains(second)).isTrue();
  }

  @Test
  void publishAfterTheLeaseChangesNothingInIt() {
    greeters.publish(Greeter.class, Greeter.saying("hello"));

    try (JointLease lease = world.lease(List.of(greeter))) {
      greeters.publish(Greeter.class, Greeter.saying("goodbye"));

      assertThat(lease.service(greeter).greet("Ada")).isEqualTo("hello Ada");
    }
  }

  @Test
  void closingTwiceCountsOnce() {
    Binding<Greeter> binding = greeters.publish(Greeter.class, Greeter.saying("hello"));
    try (JointLease open = world.lease(List.of(greeter))) {
      JointLease lease = world.lease(List.of(greeter));
      lease.close();
      lease.close();

      greeters.unload();

      assertThat(binding.calls()).isEqualTo(new Calls(2, 1, 0));
      assertThat(FakePlugin.drains(binding, MOMENT)).as(open + " is open").isFalse();
    }
  }

  @Test
  void leaseMayBeClosedOnAnotherThread() throws Exception {
    Binding<Greeter> binding = greeters.publish(Greeter.class, Greeter.saying("hello"));
    JointLease lease = world.lease(List.of(greeter));
    greeters.unload();

    crew.run("closer", lease::close).join();

    assertThat(FakePlugin.drains(binding)).isTrue();
  }

  @Test
  void closedLeaseRefusesServiceAndGeneration() {
    greeters.publish(Greeter.class, Greeter.saying("hello"));
    JointLease lease = world.lease(List.of(greeter));
    lease.close();

    assertThatIllegalStateException().isThrownBy(() -> lease.service(greeter));
    assertThatIllegalStateException().isThrownBy(() -> lease.generation(greeter));
  }

  @Test
  void handleThatTheLeaseWasNotTakenOnIsRefused() {
    greeters.publish(Greeter.class, Greeter.saying("hello"));

    try (JointLease lease = world.lease(List.of(greeter))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> lease.service(runner))
          .withMessageContaining(Runnable.class.getName());
      assertThatIllegalArgumentException().isThrownBy(() -> lease.generation(runner));
    }
  }

  @Test
  void handleOfAnotherWorldIsRefusedBeforeAnythingIsPinned() {
    Binding<Greeter> binding = greeters.publish(Greeter.class, Greeter.saying("hello"));
    Handle<Runnable> foreign = new World(MOMENT).handle(Runnable.class);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.lease(List.of(greeter, foreign)))
        .withMessageContaining(Runnable.class.getName())
        .withMessageContaining("another host");
    assertThat(binding.calls()).isEqualTo(Calls.NONE);
  }

  @Test
  void handleOfSomebodysOwnMakingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.lease(List.of(new ForeignHandle())));
  }

  @Test
  void leaseWaitsForEveryHandleToHaveAProvider() throws Exception {
    World patient = new World(Crew.LIMIT);
    Handle<Greeter> first = patient.handle(Greeter.class);
    Handle<Runnable> second = patient.handle(Runnable.class);
    Crew.Member<JointLease> caller =
        crew.call("caller", () -> patient.lease(List.of(first, second)));
    caller.awaitParked();

    new FakePlugin(patient, "greeter").publish(Greeter.class, Greeter.saying("hello"));
    new FakePlugin(patient, "runner").publish(Runnable.class, () -> {});

    try (JointLease lease = caller.join()) {
      assertThat(lease.service(first).greet("Ada")).isEqualTo("hello Ada");
    }
  }

  @Test
  void leaseWaitsForAllItsHandlesTogetherNoLongerThanTheAvailabilityTime() throws Exception {
    Duration availability = Duration.ofSeconds(2);
    World patient = new World(availability);
    Handle<Greeter> first = patient.handle(Greeter.class);
    Handle<Runnable> second = patient.handle(Runnable.class);
    Crew.Member<Duration> caller =
        crew.call(
            "caller",
            () -> {
              long begun = System.nanoTime();
              assertThat(catchThrowable(() -> patient.lease(List.of(first, second)))).isNotNull();
              return Retirer.since(begun);
            });
    caller.awaitParked();
    LockSupport.parkNanos(availability.toNanos() / 2);

    new FakePlugin(patient, "greeter").publish(Greeter.class, Greeter.saying("hello"));

    assertThat(caller.join()).isBetween(availability, availability.plusMillis(800));
  }

  @Test
  void leaseThatFailsLeavesNothingPinned() {
    Binding<Greeter> binding = greeters.publish(Greeter.class, Greeter.saying("hello"));

    NoGenerationException thrown =
        catchThrowableOfType(
            NoGenerationException.class, () -> world.lease(List.of(greeter, runner)));

    assertThat(thrown.contract()).isEqualTo(Runnable.class.getName());
    greeters.unload();
    assertThat(binding.isDrained()).isTrue();
  }

  @Test
  void leaseThatFailsCountsNoCalls() {
    Binding<Greeter> binding = greeters.publish(Greeter.class, Greeter.saying("hello"));

    assertThat(catchThrowable(() -> world.lease(List.of(greeter, runner)))).isNotNull();

    assertThat(binding.calls()).isEqualTo(Calls.NONE);
  }

  /** A handle that is no world's. */
  private static final class ForeignHandle implements Handle<Greeter> {
    @Override
    public Class<Greeter> contract() {
      return Greeter.class;
    }

    @Override
    public <R, X extends Exception> R with(Call<? super Greeter, ? extends R, X> call) {
      throw new AssertionError("nobody calls it");
    }

    @Override
    public <X extends Exception> void use(Use<? super Greeter, X> use) {
      throw new AssertionError("nobody calls it");
    }

    @Override
    public Lease<Greeter> lease() {
      throw new AssertionError("nobody calls it");
    }

    @Override
    public Greeter proxy() {
      throw new AssertionError("nobody calls it");
    }
  }
}
