package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithdrawTest {
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
  void serviceThatNobodyCallsIsWithdrawnAtOnce() {
    assertThat(world.withdraw(binding, Duration.ZERO)).isTrue();

    assertThat(plugin.current().bindings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void withdrawWaitsForTheCallsInFlight(int callsBefore) throws Exception {
    Visit visit = Visit.begin(crew, handle, callsBefore);
    Crew.Member<Boolean> withdrawer =
        crew.call("withdrawer", () -> world.withdraw(binding, Crew.LIMIT));
    withdrawer.awaitParked();
    assertThat(withdrawer.task().isDone()).isFalse();

    visit.end();

    assertThat(withdrawer.join()).isTrue();
  }

  @Test
  void withdrawGivesUpAtItsLimit() throws Exception {
    Visit visit = Visit.begin(crew, handle, 0);

    assertThat(world.withdraw(binding, MOMENT)).isFalse();

    assertThat(visit.end()).isEqualTo("hello visitor");
  }

  /** A plugin that stops its own bundle: it would wait for itself, and callers for it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whoeverWithdrawsFromInsideACallWaitsForTheOthersOnly(int callsBefore) throws Exception {
    Visit visit = Visit.begin(crew, handle, callsBefore);
    Crew.Member<Boolean> withdrawer =
        crew.call(
            "withdrawer",
            () -> {
              for (int i = 0; i < callsBefore; i++) {
                greet();
              }
              return handle.with(greeter -> world.withdraw(binding, Duration.ofDays(1)));
            });
    withdrawer.awaitParked();
    assertThat(withdrawer.task().isDone()).isFalse();

    visit.end();

    assertThat(withdrawer.join()).as("its own call is in flight").isFalse();
    assertThat(plugin.current().calls()).isEqualTo(callsThatReturned(2 * callsBefore + 2));
  }

  private static Calls callsThatReturned(long count) {
    return new Calls(count, count, 0);
  }

  @Test
  void callThatOutlivesTheWithdrawIsStillCounted() throws Exception {
    Visit visit = Visit.begin(crew, handle, 0);
    world.withdraw(binding, Duration.ZERO);
    assertThat(plugin.current().calls()).isEqualTo(new Calls(1, 0, 0));

    visit.end();

    assertThat(plugin.current().calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void newCallsGoElsewhereWhileWithdrawWaits() throws Exception {
    FakePlugin other = new FakePlugin(world, "other");
    LiveGeneration next = other.stage();
    other.offer(next, Greeter.class, Greeter.saying("other"), -1, 9);
    other.publish(next);
    Visit visit = Visit.begin(crew, handle, 0);
    Crew.Member<Boolean> withdrawer =
        crew.call("withdrawer", () -> world.withdraw(binding, Crew.LIMIT));

    Awaitility.await().atMost(Crew.LIMIT).until(() -> greet().equals("other Ada"));

    assertThat(withdrawer.task().isDone()).isFalse();
    visit.end();
    assertThat(withdrawer.join()).isTrue();
  }

  @Test
  void interruptEndsTheWaitAndStaysSet() throws Exception {
    Visit visit = Visit.begin(crew, handle, 0);
    Crew.Member<String> withdrawer =
        crew.call(
            "withdrawer",
            () ->
                world.withdraw(binding, Crew.LIMIT) + " " + Thread.currentThread().isInterrupted());
    withdrawer.awaitParked();

    withdrawer.thread().interrupt();

    assertThat(withdrawer.join()).isEqualTo("false true");
    visit.end();
  }

  @Test
  void callsOfAWithdrawnServiceStayInItsGenerationsCount() {
    greet();
    world.withdraw(binding, Duration.ZERO);
    plugin.offer(plugin.current(), Greeter.class, Greeter.saying("again"));
    greet();

    assertThat(plugin.current().calls()).isEqualTo(new Calls(2, 2, 0));
  }

  @Test
  void withdrawOfAStagedOfferLeavesWhatIsCurrent() {
    LiveGeneration staged = plugin.stage();
    Binding<Greeter> offer = plugin.offer(staged, Greeter.class, Greeter.saying("staged"));

    assertThat(world.withdraw(offer, Duration.ZERO)).isTrue();

    assertThat(greet()).isEqualTo("hello Ada");
    assertThat(staged.bindings()).isEmpty();
  }

  @Test
  void withdrawingTwiceCountsItsCallsOnce() {
    greet();
    world.withdraw(binding, Duration.ZERO);

    assertThat(world.withdraw(binding, Duration.ZERO)).isTrue();

    assertThat(plugin.current().calls()).isEqualTo(new Calls(1, 1, 0));
  }

  private String greet() {
    return handle.with(greeter -> greeter.greet("Ada"));
  }
}
