package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Holder;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds a generation that is to leave. */
class HoldersTest {
  private static final Duration MOMENT = Duration.ofMillis(20);

  private final Crew crew = new Crew();
  private World world;
  private FakePlugin plugin;
  private Handle<Greeter> handle;
  private Binding<Greeter> binding;
  private LiveGeneration leaving;

  @BeforeEach
  void publishTracked() {
    publish(true);
  }

  private void publish(boolean tracked) {
    world = new World(Duration.ZERO, tracked);
    plugin = new FakePlugin(world, "greeter");
    handle = world.handle(Greeter.class);
    binding = plugin.publish(Greeter.class, Greeter.saying("hello"));
    leaving = plugin.current();
  }

  @AfterEach
  void dismissCrew() {
    crew.close();
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "true, 1", "false, 0", "false, 1"})
  void callOfAPlatformThreadIsNamedWithItsStackTrackedOrNot(boolean tracked, int callsBefore)
      throws Exception {
    publish(tracked);
    Visit visit = Visit.begin(crew, handle, callsBefore);
    plugin.unload();

    assertThat(leaving.holders())
        .singleElement()
        .satisfies(
            holder -> {
              assertThat(holder.generation()).isEqualTo(leaving.generation());
              assertThat(holder.kind()).isEqualTo(Holder.Kind.CALL);
              assertThat(holder.threadName()).isEqualTo("visitor");
              assertThat(holder.threadId()).isEqualTo(Threads.id(visit.thread()));
              assertThat(holder.virtual()).isFalse();
              assertThat(holder.stack()).hasSizeLessThanOrEqualTo(Frames.MOST);
              assertThat(holder.stack()).anyMatch(frame -> frame.contains("Visit.stay("));
            });
    assertThat(leaving.snapshot().unnamed()).isZero();
    visit.end();
    assertThat(leaving.holders()).isEmpty();
  }

  @Test
  void callOnAStripeThatIsAnothersIsNamed() throws Exception {
    publish(false);
    call(); // makes the stripe this thread's
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Crew.Member<String> guest =
        crew.callOnTheStripeOf(
            Thread.currentThread(),
            "guest",
            () ->
                handle.with(
                    greeter -> {
                      inside.countDown();
                      Crew.await(leave);
                      return greeter.greet("guest");
                    }));
    Crew.await(inside);
    plugin.unload();

    assertThat(leaving.holders()).extracting(Holder::threadName).containsExactly("guest");
    assertThat(leaving.snapshot().unnamed()).isZero();

    leave.countDown();
    guest.join();
    assertThat(leaving.holders()).isEmpty();
  }

  @Test
  void traversalIsNamedAlsoWhereItsTurnHasNotCome() throws Exception {
    publish(false);
    FakePlugin later = new FakePlugin(world, "later");
    later.publish(Greeter.class, Greeter.saying("later"));
    LiveGeneration waited = later.current();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Crew.Member<Void> traversing =
        crew.run(
            "traversing",
            () ->
                world
                    .handles(Greeter.class, ServiceFilter.ANY)
                    .useEach(
                        greeter -> {
                          inside.countDown();
                          Crew.await(leave);
                        }));
    Crew.await(inside);
    plugin.unload();
    later.unload();

    for (LiveGeneration each : List.of(leaving, waited)) {
      assertThat(each.holders()).extracting(Holder::threadName).containsExactly("traversing");
      assertThat(each.snapshot().unnamed()).isZero();
    }
    leave.countDown();
    traversing.join();
    assertThat(leaving.holders()).isEmpty();
    assertThat(waited.holders()).isEmpty();
  }

  @Test
  void nobodyHoldsWhatIsNotToLeave() throws Exception {
    Visit visit = Visit.begin(crew, handle, 1);

    assertThat(leaving.holders()).isEmpty();

    visit.end();
  }

  @Test
  void ownerWhoseFirstCallHasEndedHoldsNothing() throws Exception {
    publish(false);
    call();
    Visit visit = Visit.begin(crew, handle, 1);
    plugin.unload();

    assertThat(leaving.holders()).extracting(Holder::threadName).containsExactly("visitor");

    visit.end();
  }

  @Test
  void ageOfACallThatIsNotTrackedIsSinceTheGenerationWasClosed() throws Exception {
    publish(false);
    Visit visit = Visit.begin(crew, handle, 1);
    long before = System.nanoTime();
    plugin.unload();
    long closed = System.nanoTime();
    awaitAfter(closed);

    Duration age = leaving.holders().get(0).age().orElseThrow();

    assertThat(age).isBetween(MOMENT, Duration.ofNanos(System.nanoTime() - before));
    visit.end();
  }

  @Test
  void ageOfALeaseIsSinceItWasTaken() {
    try (Lease<Greeter> lease = handle.lease()) {
      long taken = System.nanoTime();
      awaitAfter(taken);
      plugin.unload();

      assertThat(leaving.holders().get(0).age().orElseThrow())
          .as("age of " + lease)
          .isGreaterThan(MOMENT);
    }
  }

  @Test
  void leaseIsNamedByWhoTookItAndWhere() throws Exception {
    Crew.Member<Lease<Greeter>> taker = crew.call("taker", this::takeLease);
    Lease<Greeter> lease = taker.join();
    taker.thread().join(Crew.LIMIT.toMillis());
    plugin.unload();

    assertThat(leaving.holders())
        .singleElement()
        .satisfies(
            holder -> {
              assertThat(holder.kind()).isEqualTo(Holder.Kind.LEASE);
              assertThat(holder.threadName()).isEqualTo("taker");
              assertThat(holder.threadId()).isEqualTo(Threads.id(taker.thread()));
              assertThat(holder.stack().get(0)).contains("HoldersTest.takeLease(");
            });
    lease.close();
    assertThat(leaving.holders()).isEmpty();
  }

  @Test
  void stackOfALeaseIsBounded() {
    try (Lease<Greeter> lease = takeLeaseBelow(100)) {
      plugin.unload();

      assertThat(leaving.holders().get(0).stack()).as("of " + lease).hasSize(Frames.MOST);
    }
  }

  @Test
  void jointLeaseIsNamedOnEachGenerationUntilClosed() {
    Handle<Runnable> runner = world.handle(Runnable.class);
    FakePlugin runners = new FakePlugin(world, "runner");
    runners.publish(Runnable.class, () -> {});
    LiveGeneration second = runners.current();
    JointLease lease = world.lease(List.of(handle, runner));
    plugin.unload();
    runners.unload();
    assertThat(leaving.holders()).extracting(Holder::kind).containsExactly(Holder.Kind.LEASE);
    assertThat(second.holders())
        .singleElement()
        .satisfies(
            holder ->
                assertThat(holder.stack().get(0)).contains("jointLeaseIsNamedOnEachGeneration"));

    lease.close();

    assertThat(leaving.holders()).isEmpty();
    assertThat(second.holders()).isEmpty();
  }

  /** The outer one by the shared lane, or by the owner's. */
  @ParameterizedTest
  @CsvSource({"true, 0", "true, 1", "false, 0", "false, 1"})
  void callInsideACallIsNamedToo(boolean tracked, int callsBefore) {
    publish(tracked);
    for (int i = 0; i < callsBefore; i++) {
      call();
    }
    handle.use(
        outer -> {
          handle.use(
              middle ->
                  handle.use(
                      inner -> {
                        plugin.unload();
                        assertThat(leaving.holders())
                            .extracting(Holder::threadName)
                            .hasSize(3)
                            .containsOnly(Thread.currentThread().getName());
                        assertThat(leaving.snapshot().unnamed()).isZero();
                      }));
          assertThat(leaving.holders()).hasSize(1);
        });
    assertThat(leaving.holders()).isEmpty();
  }

  @Test
  void callsInsideACallOnAStripeThatIsAnothersAreNamedEach() throws Exception {
    publish(false);
    call(); // makes the stripe this thread's
    Crew.Member<Integer> guest =
        crew.callOnTheStripeOf(
            Thread.currentThread(),
            "guest",
            () ->
                handle.with(
                    outer ->
                        handle.with(
                            inner -> {
                              plugin.unload();
                              return leaving.holders().size();
                            })));

    assertThat(guest.join()).isEqualTo(2);
  }

  /** Where a list is cut short, no thread is left out in favour of another's inner call. */
  @Test
  void innerCallsAreNamedAfterAllThreads() throws Exception {
    publish(false);
    Visit visit = Visit.begin(crew, handle, 1);
    handle.use(
        outer ->
            handle.use(
                inner -> {
                  plugin.unload();
                  assertThat(leaving.holders())
                      .extracting(Holder::threadName)
                      .hasSize(3)
                      .last()
                      .isEqualTo(Thread.currentThread().getName());
                  assertThat(leaving.holders().subList(0, 2))
                      .extracting(Holder::threadName)
                      .containsExactlyInAnyOrder("visitor", Thread.currentThread().getName());
                }));
    visit.end();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void threadIsInterruptedOnceHoweverOftenItIsInside(boolean tracked) {
    publish(tracked);
    handle.use(
        outer ->
            handle.use(
                inner -> {
                  plugin.unload();
                  assertThat(leaving.interruptHolders()).hasSize(1);
                  assertThat(Thread.interrupted()).isTrue();
                }));
  }

  /** The first call comes in by the shared lane, and so does the one inside it. */
  @Test
  void callsThroughAProxyAreNamedEachUntilItEnds() {
    List<Integer> named = new ArrayList<>();
    Greeter proxy = handle.proxy();
    binding =
        plugin.publish(
            Greeter.class,
            name -> {
              if (name.equals("outer")) {
                proxy.greet("inner");
              } else {
                plugin.unload();
              }
              named.add(leaving.holders().size());
              return name;
            });
    leaving = plugin.current();

    proxy.greet("outer");

    assertThat(named).containsExactly(2, 1);
    assertThat(leaving.holders()).isEmpty();
    assertThat(binding.tracked()).isEmpty();
  }

  @Test
  void stageOfACallThroughAProxyIsNamedAsALeaseOnly() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Handle<Postman> postmen = world.handle(Postman.class);
    plugin.publish(Postman.class, () -> answer);
    leaving = plugin.current();
    postmen.proxy().fetch();
    plugin.unload();

    assertThat(leaving.holders()).extracting(Holder::kind).containsExactly(Holder.Kind.LEASE);

    answer.complete("a letter");
    assertThat(leaving.holders()).isEmpty();
  }

  interface Postman {
    CompletableFuture<String> fetch();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void traversalIsNamedOnAllThatItHasPinned(boolean throwing) {
    LiveGeneration both = plugin.stage();
    List<Binding<Greeter>> row = new ArrayList<>();
    for (int rank = 1; rank <= 2; rank++) {
      row.add(plugin.offer(both, Greeter.class, Greeter.saying("x"), rank, rank));
    }
    plugin.publish(both);
    List<Integer> named = new ArrayList<>();
    try {
      world
          .handles(Greeter.class, ServiceFilter.ANY)
          .useEach(
              greeter -> {
                both.close();
                named.add(both.holders().size());
                if (throwing) {
                  throw new IllegalStateException("as it should");
                }
              });
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("as it should");
    }

    assertThat(named).isEqualTo(throwing ? List.of(2) : List.of(2, 1));
    assertThat(row).allMatch(each -> each.tracked().isEmpty());
  }

  @Test
  void callThatThrewIsNamedNoLonger() {
    try {
      handle.use(
          greeter -> {
            throw new IllegalStateException("as it should");
          });
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("as it should");
    }

    assertThat(binding.tracked()).isEmpty();
  }

  @Test
  void leasesAreOnlyCountedWhereTheyAreNotTracked() {
    publish(false);
    try (Lease<Greeter> first = handle.lease();
        Lease<Greeter> second = handle.lease()) {
      plugin.unload();

      assertThat(leaving.holders()).as(first + ", " + second).isEmpty();
      assertThat(leaving.snapshot().unnamed()).isEqualTo(2);
    }
  }

  @Test
  void listOfHoldersIsBoundedAndTheRestIsCounted() {
    List<Lease<Greeter>> leases = new ArrayList<>();
    for (int i = 0; i < LiveGeneration.MOST_HOLDERS + 7; i++) {
      leases.add(handle.lease());
    }
    plugin.unload();

    assertThat(leaving.snapshot().holders()).hasSize(LiveGeneration.MOST_HOLDERS);
    assertThat(leaving.snapshot().unnamed()).isEqualTo(7);
    leases.forEach(Lease::close);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsKeptOfLeasesAndCallsThatHaveEnded(boolean tracked) {
    publish(tracked);
    handle.lease().close();
    world.lease(List.of(handle)).close();
    call();
    handle.use(outer -> call());

    assertThat(binding.tracked()).isEmpty();
    assertThat(Takers.UNTRACKED.inside()).isEmpty();
  }

  @Test
  void threadThatTookAnOpenLeaseIsNotKept() throws Exception {
    Crew own = new Crew();
    Crew.Member<Lease<Greeter>> taker = own.call("taker", this::takeLease);
    Lease<Greeter> lease = taker.join();
    WeakReference<Thread> thread = new WeakReference<>(taker.thread());
    taker = null;
    own = null;

    awaitCollected(thread);

    plugin.unload();
    assertThat(leaving.holders()).extracting(Holder::threadName).containsExactly("taker");
    lease.close();
  }

  @Test
  void classThatTookAnOpenLeaseIsNotKept() throws Exception {
    ClassLoader loader = new Copies();
    Lease<Greeter> lease = takenBy(loader);
    WeakReference<ClassLoader> left = new WeakReference<>(loader);
    loader = null;

    awaitCollected(left);

    plugin.unload();
    assertThat(leaving.holders().get(0).stack().get(0)).contains("HoldersTest$LeaseTaker.apply(");
    lease.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @EnabledForJreRange(min = JRE.JAVA_21)
  void callOfAVirtualThreadIsNamedWithItsStack(boolean tracked) throws Exception {
    publish(tracked);
    ExecutorService virtualThreads = virtualThreads();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Callable<Void> visit =
        () -> {
          handle.use(greeter -> stay(inside, leave));
          return null;
        };
    var visitor = virtualThreads.submit(visit);
    Crew.await(inside);
    plugin.unload();

    assertThat(leaving.holders())
        .singleElement()
        .satisfies(
            holder -> {
              assertThat(holder.virtual()).isTrue();
              assertThat(holder.kind()).isEqualTo(Holder.Kind.CALL);
              assertThat(holder.stack()).anyMatch(frame -> frame.contains("HoldersTest.stay("));
            });
    assertThat(leaving.snapshot().unnamed()).isZero();
    leave.countDown();
    visitor.get(20, TimeUnit.SECONDS);
    assertThat(leaving.holders()).isEmpty();
    virtualThreads.shutdownNow();
  }

  /** By reflection, because the class files are Java 17's. */
  private static ExecutorService virtualThreads() throws ReflectiveOperationException {
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void callsInsideACallOfAVirtualThreadAreNamedUntilTheyEnd() throws Exception {
    publish(false);
    ExecutorService virtualThreads = virtualThreads();
    Greeter proxy = handle.proxy();
    List<Integer> named = new ArrayList<>();
    Callable<Void> visit =
        () -> {
          handle.use(
              outer -> {
                handle.use(
                    inner -> {
                      proxy.greet("third");
                      plugin.unload();
                      named.add(leaving.holders().size());
                    });
                named.add(leaving.holders().size());
              });
          named.add(leaving.holders().size());
          return null;
        };

    virtualThreads.submit(visit).get(20, TimeUnit.SECONDS);

    assertThat(named).containsExactly(2, 1, 0);
    virtualThreads.shutdownNow();
  }

  /** Deeper than there are berths to choose from, and none of them takes the outer one's away. */
  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void virtualThreadThatIsInsideManyTimesIsNamedForEach() throws Exception {
    publish(false);
    ExecutorService virtualThreads = virtualThreads();
    List<Integer> named = new ArrayList<>();

    virtualThreads
        .submit(
            () -> {
              visit(20, named);
              return null;
            })
        .get(20, TimeUnit.SECONDS);

    assertThat(named).hasSize(20).first().isEqualTo(20);
    assertThat(named).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
    virtualThreads.shutdownNow();
  }

  private void visit(int depth, List<Integer> named) {
    handle.use(
        greeter -> {
          if (depth > 1) {
            visit(depth - 1, named);
          } else {
            plugin.unload();
          }
          named.add(leaving.holders().size());
        });
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void virtualThreadsThatAreInsideAtATimeAreNamedAndInterrupted() throws Exception {
    publish(false);
    int many = 150; // more than there are stripes, and more than are told of
    ExecutorService virtualThreads = virtualThreads();
    CountDownLatch inside = new CountDownLatch(many);
    CountDownLatch leave = new CountDownLatch(1);
    List<Future<Boolean>> interrupted = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      interrupted.add(
          virtualThreads.submit(() -> handle.with(greeter -> isInterrupted(inside, leave))));
    }
    Crew.await(inside);
    plugin.unload();

    assertThat(leaving.interruptHolders()).hasSize(LiveGeneration.MOST_HOLDERS);
    for (Future<Boolean> each : interrupted) {
      assertThat(each.get(20, TimeUnit.SECONDS)).isTrue();
    }
    virtualThreads.shutdownNow();
  }

  private static boolean isInterrupted(CountDownLatch inside, CountDownLatch never) {
    inside.countDown();
    try {
      return never.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Takes a lease; loaded once more by a class loader that a test lets go. */
  public static final class LeaseTaker implements Function<Handle<Greeter>, Lease<Greeter>> {
    @Override
    public Lease<Greeter> apply(Handle<Greeter> handle) {
      return handle.lease();
    }
  }

  /** Has a {@link LeaseTaker} of its own. */
  private static final class Copies extends ClassLoader {
    Copies() {
      super(HoldersTest.class.getClassLoader());
    }

    Class<?> leaseTaker() throws IOException {
      try (InputStream in = HoldersTest.class.getResourceAsStream("HoldersTest$LeaseTaker.class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(LeaseTaker.class.getName(), bytes, 0, bytes.length);
      }
    }
  }

  @SuppressWarnings("unchecked") // that is what a LeaseTaker is
  private Lease<Greeter> takenBy(ClassLoader copies) throws Exception {
    Object taker = ((Copies) copies).leaseTaker().getConstructor().newInstance();
    return ((Function<Handle<Greeter>, Lease<Greeter>>) taker).apply(handle);
  }

  private Lease<Greeter> takeLease() {
    return handle.lease();
  }

  private Lease<Greeter> takeLeaseBelow(int frames) {
    return frames == 0 ? handle.lease() : takeLeaseBelow(frames - 1);
  }

  private static void stay(CountDownLatch inside, CountDownLatch leave)
      throws InterruptedException {
    inside.countDown();
    Crew.await(leave);
  }

  private void call() {
    handle.use(greeter -> greeter.greet("Ada"));
  }

  private static void awaitAfter(long start) {
    await().until(() -> System.nanoTime() - start > MOMENT.toNanos());
  }

  private static void awaitCollected(WeakReference<?> left) {
    await()
        .atMost(Crew.LIMIT)
        .until(
            () -> {
              System.gc();
              return left.get() == null;
            });
  }
}
