package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithTest {
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
  void answersWhatTheWorkReturns() {
    assertThat(handle.<String, RuntimeException>with(greeter -> greeter.greet("Ada")))
        .isEqualTo("hello Ada");
  }

  @Test
  void useRunsTheWork() {
    List<String> greetings = new ArrayList<>();

    handle.use(greeter -> greetings.add(greeter.greet("Ada")));

    assertThat(greetings).containsExactly("hello Ada");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void checkedExceptionPassesThroughUnwrapped(int callsBefore) {
    warmUp(callsBefore);
    IOException thrown = new IOException("the plugin's own");

    assertThat(catchThrowable(() -> failWith(thrown))).isSameAs(thrown);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void errorPassesThroughUnwrapped(int callsBefore) {
    warmUp(callsBefore);
    Error thrown = new LinkageError("the plugin's own");

    assertThat(catchThrowable(() -> failWith(thrown))).isSameAs(thrown);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void exceptionOfUsePassesThroughUnwrapped(int callsBefore) {
    warmUp(callsBefore);
    IOException thrown = new IOException("the plugin's own");

    assertThat(catchThrowable(() -> useAndFail(thrown))).isSameAs(thrown);
    assertThat(binding.calls()).isEqualTo(new Calls(callsBefore + 1, callsBefore, 1));
  }

  @Test
  void startedCallsAreThoseThatReturnedAndThoseThatThrew() {
    failAndForget(); // the first call takes the shared lane, those after it the owner's
    warmUp(3);
    failAndForget();
    warmUp(2);

    assertThat(binding.calls()).isEqualTo(new Calls(7, 5, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void callInFlightHasStartedAndNotComeBack(int callsBefore) {
    warmUp(callsBefore);

    Calls inside = handle.with(greeter -> binding.calls());

    assertThat(inside).isEqualTo(new Calls(callsBefore + 1, callsBefore, 0));
    assertThat(inside.inFlight()).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void useInFlightHasStartedAndNotComeBack(int callsBefore) {
    warmUp(callsBefore);

    handle.use(
        greeter ->
            assertThat(binding.calls()).isEqualTo(new Calls(callsBefore + 1, callsBefore, 0)));

    assertThat(binding.calls().inFlight()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void callInFlightFinishesOnTheOldGenerationWhileNewCallsReachTheNew(int callsBefore)
      throws Exception {
    Visit visit = Visit.begin(crew, handle, callsBefore);

    plugin.publish(Greeter.class, Greeter.saying("goodbye"));

    assertThat(handle.<String, RuntimeException>with(greeter -> greeter.greet("Ada")))
        .isEqualTo("goodbye Ada");
    assertThat(binding.isDrained()).isFalse();
    assertThat(visit.end()).isEqualTo("hello visitor");
    assertThat(FakePlugin.drains(binding)).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(callsBefore + 1, callsBefore + 1, 0));
  }

  private void warmUp(int calls) {
    for (int i = 0; i < calls; i++) {
      handle.use(greeter -> greeter.greet("warm-up"));
    }
  }

  private void failAndForget() {
    assertThat(catchThrowable(() -> failWith(new IOException("forgotten")))).isNotNull();
  }

  private void failWith(Exception thrown) throws Exception {
    handle.with(
        greeter -> {
          throw thrown;
        });
  }

  private void useAndFail(Exception thrown) throws Exception {
    handle.use(
        greeter -> {
          throw thrown;
        });
  }

  private void failWith(Error thrown) {
    handle.with(
        greeter -> {
          throw thrown;
        });
  }
}
