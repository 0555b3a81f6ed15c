package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a call does while nothing provides its contract. */
class AvailabilityTest {
  private static final Duration MOMENT = Duration.ofMillis(50);

  private final Crew crew = new Crew();

  @AfterEach
  void dismissCrew() {
    crew.close();
  }

  @Test
  void callWaitsOutTheAvailabilityTimeAndThenFails() {
    Handle<Greeter> handle = new World(MOMENT).handle(Greeter.class);
    long start = System.nanoTime();

    NoGenerationException thrown = failure(handle);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MOMENT.toNanos());
    assertThat(thrown.contract()).isEqualTo(Greeter.class.getName());
    assertThat(thrown.waited()).isGreaterThanOrEqualTo(MOMENT);
  }

  @Test
  void callFailsAtOnceWhereThereIsNoTimeToWait() {
    Handle<Greeter> handle = new World(Duration.ZERO).handle(Greeter.class);

    assertThat(failure(handle).waited()).isLessThan(Crew.LIMIT);
  }

  @Test
  void leaseWaitsAndFailsAsACallDoes() {
    Handle<Greeter> handle = new World(MOMENT).handle(Greeter.class);

    NoGenerationException thrown = catchThrowableOfType(NoGenerationException.class, handle::lease);

    assertThat(thrown.waited()).isGreaterThanOrEqualTo(MOMENT);
  }

  @Test
  void waitingCallIsAnsweredByWhatIsPublishedMeanwhile() throws Exception {
    World world = new World(Crew.LIMIT);
    Crew.Member<String> caller = waitingCaller(world);

    Binding<Greeter> binding =
        new FakePlugin(world, "greeter").publish(Greeter.class, Greeter.saying("hello"));

    assertThat(caller.join()).isEqualTo("hello Ada");
    assertThat(binding.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void callThatComesAfterAnUnloadWaitsForTheNextGeneration() throws Exception {
    World world = new World(Crew.LIMIT);
    FakePlugin plugin = new FakePlugin(world, "greeter");
    plugin.publish(Greeter.class, Greeter.saying("hello"));
    plugin.unload();
    Crew.Member<String> caller = waitingCaller(world);

    plugin.publish(Greeter.class, Greeter.saying("goodbye"));

    assertThat(caller.join()).isEqualTo("goodbye Ada");
  }

  /** The storm's find: a caller woke, and found that what had come was gone again. */
  @Test
  void callThatIsWokenByWhatGoesAgainAtOnceWaitsForTheNext() throws Exception {
    World world = new World(Crew.LIMIT);
    FakePlugin plugin = new FakePlugin(world, "greeter");
    List<Crew.Member<Integer>> callers = new ArrayList<>();
    AtomicBoolean stopped = new AtomicBoolean();
    for (int i = 0; i < 4; i++) {
      callers.add(crew.call("caller-" + i, () -> callUntil(stopped, world)));
    }
    for (int i = 0; i < 20_000; i++) {
      plugin.publish(Greeter.class, Greeter.saying("hello"));
      plugin.unload();
    }
    stopped.set(true);
    plugin.publish(Greeter.class, Greeter.saying("hello"));

    for (Crew.Member<Integer> caller : callers) {
      assertThat(caller.join()).isPositive();
    }
  }

  /** Each time it is woken, what has come lets nobody in, and is gone before it waits again. */
  @Test
  void callThatIsWokenAgainAndAgainWaitsNoLongerThanTheAvailabilityTime() throws Exception {
    Duration availability = Duration.ofMillis(400);
    World world = new World(availability);
    FakePlugin plugin = new FakePlugin(world, "greeter");
    Crew.Member<Duration> caller =
        crew.call(
            "caller",
            () -> {
              long begun = System.nanoTime();
              failure(world.handle(Greeter.class));
              return Retirer.since(begun);
            });
    caller.awaitParked();
    long end = System.nanoTime() + availability.multipliedBy(5).toNanos();

    while (!caller.task().isDone() && System.nanoTime() < end) {
      LiveGeneration next = plugin.stage();
      plugin.offer(next, Greeter.class, Greeter.saying("hello")).retire();
      plugin.publish(next);
      plugin.unload();
      LockSupport.parkNanos(availability.toNanos() / 10);
    }

    assertThat(caller.join()).isBetween(availability, availability.multipliedBy(3));
  }

  private static int callUntil(AtomicBoolean stopped, World world) {
    Handle<Greeter> handle = world.handle(Greeter.class);
    int calls = 0;
    do {
      handle.use(greeter -> greeter.greet("Ada"));
      calls++;
    } while (!stopped.get());
    return calls;
  }

  @Test
  void publishOfAnotherContractDoesNotEndTheWait() throws Exception {
    World world = new World(Crew.LIMIT);
    Crew.Member<String> caller = waitingCaller(world);

    new FakePlugin(world, "other").publish(Runnable.class, () -> {});
    new FakePlugin(world, "greeter").publish(Greeter.class, Greeter.saying("hello"));

    assertThat(caller.join()).isEqualTo("hello Ada");
  }

  @Test
  void interruptEndsTheWaitAndStaysSet() throws Exception {
    Handle<Greeter> handle = new World(Crew.LIMIT).handle(Greeter.class);
    AtomicBoolean interrupted = new AtomicBoolean();
    Crew.Member<NoGenerationException> caller =
        crew.call(
            "caller",
            () -> {
              NoGenerationException thrown = failure(handle);
              interrupted.set(Thread.currentThread().isInterrupted());
              return thrown;
            });
    caller.awaitParked();

    caller.thread().interrupt();

    assertThat(caller.join().waited()).isLessThan(Crew.LIMIT);
    assertThat(interrupted).isTrue();
  }

  @Test
  void interruptedThreadIsAnsweredWhereSomethingIsCurrent() throws Exception {
    World world = new World(Crew.LIMIT);
    new FakePlugin(world, "greeter").publish(Greeter.class, Greeter.saying("hello"));
    Crew.Member<String> caller =
        crew.call(
            "caller",
            () -> {
              Thread.currentThread().interrupt();
              return greet(world.handle(Greeter.class)) + Thread.currentThread().isInterrupted();
            });

    assertThat(caller.join()).isEqualTo("hello Adatrue");
  }

  @Test
  void closingTheWorldFailsWaitingCallsAtOnce() throws Exception {
    World world = new World(Crew.LIMIT);
    Crew.Member<String> caller = waitingCaller(world);

    world.close();

    assertThatThrownBy(caller::join)
        .isInstanceOfSatisfying(
            NoGenerationException.class,
            thrown -> assertThat(thrown.waited()).isLessThan(Crew.LIMIT));
  }

  @Test
  void closedWorldFailsNewCallsAtOnce() {
    World world = new World(Crew.LIMIT);
    Handle<Greeter> handle = world.handle(Greeter.class);
    new FakePlugin(world, "greeter").publish(Greeter.class, Greeter.saying("hello"));

    world.close();

    assertThat(failure(handle).waited()).isLessThan(Crew.LIMIT);
  }

  @Test
  void publishIntoAClosedWorldReachesNobody() {
    World world = new World(Crew.LIMIT);
    Handle<Greeter> handle = world.handle(Greeter.class);
    world.close();

    new FakePlugin(world, "greeter").publish(Greeter.class, Greeter.saying("hello"));

    assertThat(failure(handle).waited()).isLessThan(Crew.LIMIT);
  }

  @Test
  void offerIntoAClosedWorldReachesNobody() {
    World world = new World(Crew.LIMIT);
    Handle<Greeter> handle = world.handle(Greeter.class);
    FakePlugin plugin = new FakePlugin(world, "greeter");
    plugin.publish(Greeter.class, Greeter.saying("hello"));
    world.close();

    plugin.offer(plugin.current(), Greeter.class, Greeter.saying("late"));

    assertThat(failure(handle).waited()).isLessThan(Crew.LIMIT);
  }

  @Test
  void callInFlightFinishesWhenTheWorldIsClosed() throws Exception {
    World world = new World(Crew.LIMIT);
    Handle<Greeter> handle = world.handle(Greeter.class);
    new FakePlugin(world, "greeter").publish(Greeter.class, Greeter.saying("hello"));
    Visit visit = Visit.begin(crew, handle, 0);

    world.close();

    assertThat(visit.end()).isEqualTo("hello visitor");
  }

  private Crew.Member<String> waitingCaller(World world) {
    Handle<Greeter> handle = world.handle(Greeter.class);
    Crew.Member<String> caller = crew.call("caller", () -> greet(handle));
    caller.awaitParked();
    return caller;
  }

  private static NoGenerationException failure(Handle<Greeter> handle) {
    return catchThrowableOfType(NoGenerationException.class, () -> greet(handle));
  }

  private static String greet(Handle<Greeter> handle) {
    return handle.with(greeter -> greeter.greet("Ada"));
  }
}
