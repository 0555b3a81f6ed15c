package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods of a proxied contract that answer with something that completes later. */
class ProxyStageTest {
  private static final Duration MOMENT = Duration.ofMillis(20);

  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "printer");
  private final Handle<Printer> handle = world.handle(Printer.class);
  private final Printer proxy = proxyOf(handle);
  private final CompletableFuture<Object> job = new CompletableFuture<>();
  private final Crew crew = new Crew();
  private Binding<Printer> binding;

  /** A contract whose methods answer one stage under many types. */
  interface Printer {
    CompletionStage<Object> stage();

    CompletableFuture<Object> future();

    Future<Object> plainFuture();

    Object anything();

    <T> T generic();

    OwnStage own();
  }

  /** A stage type of the contract's own. */
  static class OwnStage extends CompletableFuture<Object> {}

  /** Answers every method with one object. */
  static class OneJob implements Printer {
    private final Object answer;

    OneJob(Object answer) {
      this.answer = answer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public CompletionStage<Object> stage() {
      return (CompletionStage<Object>) answer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public CompletableFuture<Object> future() {
      return (CompletableFuture<Object>) answer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Future<Object> plainFuture() {
      return (Future<Object>) answer;
    }

    @Override
    public Object anything() {
      return answer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T generic() {
      return (T) answer;
    }

    @Override
    public OwnStage own() {
      return (OwnStage) answer;
    }
  }

  static List<Function<Printer, Object>> waysToAsk() {
    return List.of(
        Printer::stage,
        Printer::future,
        Printer::plainFuture,
        Printer::anything,
        Printer::<Object>generic);
  }

  <S> S proxyOf(Handle<S> of) {
    return of.proxy();
  }

  @BeforeEach
  void publishFirstGeneration() {
    binding = plugin.publish(Printer.class, new OneJob(job));
  }

  @AfterEach
  void dismissCrew() {
    crew.close();
  }

  @ParameterizedTest
  @MethodSource("waysToAsk")
  void stageKeepsItsGenerationUntilItCompletes(Function<Printer, Object> ask) {
    assertThat(ask.apply(proxy)).isSameAs(job);
    plugin.unload();
    assertThat(FakePlugin.drains(binding, MOMENT)).isFalse();

    job.complete("printed");

    assertThat(FakePlugin.drains(binding)).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void stageOfAnOwnersCallKeepsItsGenerationAndGivesTheSeatBack() {
    becomeOwner(binding);

    proxy.stage();

    assertThat(new OwnerLane(binding).mayEnter()).isTrue();
    plugin.unload();
    assertThat(binding.isDrained()).isFalse();
    job.complete("printed");
    assertThat(binding.isDrained()).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(2, 2, 0));
  }

  @Test
  void stageOfACallThatItsOwnUnloadingOvertookKeepsItsGeneration() {
    Binding<Printer> next =
        plugin.publish(
            Printer.class,
            new OneJob(job) {
              @Override
              public CompletionStage<Object> stage() {
                plugin.unload();
                return super.stage();
              }
            });
    becomeOwner(next);

    proxy.stage();

    assertThat(next.isDrained()).isFalse();
    job.complete("printed");
    assertThat(next.isDrained()).isTrue();
    assertThat(next.calls()).isEqualTo(new Calls(2, 2, 0));
  }

  @Test
  void stageOfACallInsideACallKeepsItsGenerationWhenBothHaveEnded() {
    becomeOwner(binding);

    handle.use(outer -> proxy.stage());

    plugin.unload();
    assertThat(binding.isDrained()).isFalse();
    job.complete("printed");
    assertThat(binding.isDrained()).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(3, 3, 0));
  }

  @Test
  void answersAreAskedAnewAfterOneThatWasNoStage() {
    Object[] answers = {"at once", job, null, 1};
    Binding<Printer> next =
        plugin.publish(
            Printer.class,
            new OneJob(null) {
              private int asked;

              @Override
              public Object anything() {
                return answers[asked++];
              }
            });

    for (Object answer : answers) {
      assertThat(proxy.anything()).isSameAs(answer);
    }

    plugin.unload();
    assertThat(next.isDrained()).isFalse();
    job.complete("printed");
    assertThat(next.isDrained()).isTrue();
  }

  @Test
  void stageOfATypeOfItsOwnKeepsItsGenerationToo() {
    OwnStage own = new OwnStage();
    Binding<Printer> next = plugin.publish(Printer.class, new OneJob(own));
    proxy.own();
    plugin.unload();
    assertThat(next.isDrained()).isFalse();

    own.complete("printed");

    assertThat(next.isDrained()).isTrue();
  }

  @Test
  void stageThatCompletesExceptionallyEndsTheLease() {
    proxy.stage();
    plugin.unload();
    assertThat(binding.isDrained()).isFalse();

    job.completeExceptionally(new ArithmeticException("out of paper"));

    assertThat(binding.isDrained()).isTrue();
  }

  @Test
  void stageThatIsCancelledEndsTheLease() {
    proxy.stage();
    plugin.unload();

    job.cancel(false);

    assertThat(binding.isDrained()).isTrue();
  }

  @Test
  void stageThatHasCompletedAlreadyEndsTheLeaseAtOnce() {
    job.complete("printed");
    proxy.stage();

    plugin.unload();

    assertThat(binding.isDrained()).isTrue();
  }

  @Test
  void stageMayCompleteOnAnotherThread() throws Exception {
    proxy.stage();
    plugin.unload();

    crew.run("completer", () -> job.complete("printed"));

    assertThat(FakePlugin.drains(binding)).isTrue();
    crew.join();
  }

  @Test
  void answerThatIsNoStageEndsTheLeaseAtOnce() {
    Binding<Printer> next = plugin.publish(Printer.class, new OneJob("done already"));

    assertThat(proxy.anything()).isEqualTo("done already");

    plugin.unload();
    assertThat(next.isDrained()).isTrue();
  }

  @Test
  void nullInPlaceOfAStageEndsTheLeaseAtOnce() {
    Binding<Printer> next = plugin.publish(Printer.class, new OneJob(null));

    assertThat(proxy.stage()).isNull();

    plugin.unload();
    assertThat(next.isDrained()).isTrue();
  }

  @Test
  void methodThatThrowsInPlaceOfAStageEndsTheLeaseAtOnce() {
    Binding<Printer> next = plugin.publish(Printer.class, new OneJob("not a stage"));

    assertThat(catchThrowable(proxy::stage)).isInstanceOf(ClassCastException.class);

    plugin.unload();
    assertThat(next.isDrained()).isTrue();
    assertThat(next.calls()).isEqualTo(new Calls(1, 0, 1));
  }

  @Test
  void stageThatTakesNoCallbacksDoesNotKeepItsGenerationForGood() {
    CompletableFuture<Object> deaf =
        new CompletableFuture<>() {
          @Override
          public CompletableFuture<Object> whenComplete(
              BiConsumer<? super Object, ? super Throwable> action) {
            throw new UnsupportedOperationException("no callbacks");
          }
        };
    Binding<Printer> next = plugin.publish(Printer.class, new OneJob(deaf));

    assertThat(catchThrowable(proxy::stage)).isInstanceOf(UnsupportedOperationException.class);

    plugin.unload();
    assertThat(next.isDrained()).isTrue();
  }

  @Test
  void pendingStageStaysOnItsGenerationWhileNewCallsReachTheNew() {
    proxy.stage();
    CompletableFuture<Object> done = CompletableFuture.completedFuture("second");
    plugin.publish(Printer.class, new OneJob(done));

    assertThat(proxy.stage()).isSameAs(done);
    assertThat(binding.isDrained()).isFalse();
    job.complete("first");
    assertThat(binding.isDrained()).isTrue();
  }

  /** The first call of a thread makes it the owner. */
  private void becomeOwner(Binding<Printer> of) {
    handle.use(printer -> {});
    assertThat(new OwnerLane(of).mayEnter()).isTrue();
  }
}
