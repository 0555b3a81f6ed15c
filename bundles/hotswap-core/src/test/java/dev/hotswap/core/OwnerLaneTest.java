package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who owns a stripe, and so may call by the owner lane. */
class OwnerLaneTest {
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
  void threadThatHasCalledOwnsItsStripe() throws Exception {
    assertThat(crew.call("caller", this::callAndAskWhetherItOwns).join()).isTrue();
  }

  @Test
  void threadThatNeverCalledOwnsNothing() {
    assertThat(mayEnter()).isFalse();
  }

  @Test
  void ownerInsideMayNotEnterByTheOwnerLaneAgain() {
    call();

    handle.use(greeter -> assertThat(mayEnter()).isFalse());

    assertThat(mayEnter()).isTrue();
  }

  @Test
  void liveOwnerKeepsItsStripe() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch owning = new CountDownLatch(1);
    Crew.Member<Boolean> owner =
        crew.call(
            "owner",
            () -> {
              call();
              owning.countDown();
              Crew.await(asked);
              return mayEnter();
            });
    Crew.await(owning);

    assertThat(callOnTheStripeOf(owner.thread()).join()).isFalse();
    asked.countDown();
    assertThat(owner.join()).isTrue();
  }

  @Test
  void stripeOfAThreadThatEndedPassesToTheNext() throws Exception {
    Crew.Member<Boolean> first = crew.call("first", this::callAndAskWhetherItOwns);
    first.join();
    first.thread().join(Crew.LIMIT.toMillis());

    assertThat(callOnTheStripeOf(first.thread()).join()).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(2, 2, 0));
  }

  @Test
  void threadThatGivesAnOwnersIdAsItsOwnDoesNotPassForTheOwner() throws Exception {
    call();
    Thread owner = Thread.currentThread();
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              call();
              return new OwnerLane(binding).mayEnterAs(owner);
            });

    Crew.Member<Boolean> impostor = crew.start(new Impostor(task, idOf(owner)), task);

    assertThat(impostor.join()).isFalse();
    assertThat(mayEnter()).isTrue();
  }

  @Test
  void threadsThatGiveOneIdNeverCorruptTheCounts() throws Exception {
    int threads = 4;
    int calls = 50_000;
    Crew.Member<?> owner = crew.run("owner", () -> callTimes(calls));
    long id = idOf(owner.thread());
    for (int i = 1; i < threads; i++) {
      FutureTask<Void> task = new FutureTask<>(() -> callTimes(calls), null);
      crew.start(new Impostor(task, id), task);
    }
    crew.join();
    plugin.unload();

    assertThat(FakePlugin.drains(binding)).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(threads * calls, threads * calls, 0));
  }

  @Test
  void moreThreadsThanStripesAreAllCounted() throws Exception {
    int threads = 200;
    int calls = 50;
    CountDownLatch start = new CountDownLatch(1);
    for (int i = 0; i < threads; i++) {
      crew.run(
          "caller-" + i,
          () -> {
            Crew.await(start);
            callTimes(calls);
          });
    }
    start.countDown();
    crew.join();
    plugin.unload();

    assertThat(FakePlugin.drains(binding)).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(threads * calls, threads * calls, 0));
  }

  @Test
  void moreThreadsInsideThanStripesAreAllWaitedFor() throws Exception {
    int threads = 200;
    CountDownLatch inside = new CountDownLatch(threads);
    CountDownLatch leave = new CountDownLatch(1);
    for (int i = 0; i < threads; i++) {
      crew.run("caller-" + i, () -> stay(inside, leave));
    }
    Crew.await(inside);
    plugin.unload();

    assertThat(binding.calls().inFlight()).isEqualTo(threads);
    assertThat(binding.isDrained()).isFalse();
    leave.countDown();
    assertThat(FakePlugin.drains(binding)).isTrue();
  }

  private void stay(CountDownLatch inside, CountDownLatch leave) throws InterruptedException {
    call();
    handle.use(
        greeter -> {
          inside.countDown();
          Crew.await(leave);
        });
  }

  /** Runs one call on a new thread that shares its stripe with another. */
  private Crew.Member<Boolean> callOnTheStripeOf(Thread other) {
    return crew.callOnTheStripeOf(other, "next", this::callAndAskWhetherItOwns);
  }

  private boolean callAndAskWhetherItOwns() {
    call();
    return mayEnter();
  }

  private boolean mayEnter() {
    return new OwnerLane(binding).mayEnter();
  }

  private void callTimes(int calls) {
    for (int i = 0; i < calls; i++) {
      call();
    }
  }

  private void call() {
    handle.use(greeter -> greeter.greet("Ada"));
  }

  @SuppressWarnings("deprecation") // threadId() is JDK 19's
  private static long idOf(Thread thread) {
    return thread.getId();
  }

  /** A thread that gives another's id as its own: {@code getId} is not final. */
  private static final class Impostor extends Thread {
    private final long id;

    Impostor(Runnable task, long id) {
      super(task, "impostor");
      this.id = id;
    }

    @Override
    @SuppressWarnings("deprecation") // threadId() is JDK 19's
    public long getId() {
      return id;
    }
  }
}
