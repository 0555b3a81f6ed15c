package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life cycle of a swap, with a framework that does as the test says. */
@Timeout(30)
class PluginSwapperTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private final AtomicLong serviceIds = new AtomicLong();
  private final World world = new World(Duration.ofMillis(20));
  private final Handle<Named> named = world.handle(Named.class);
  private Consumer<LiveGeneration> start = this::offer;
  private FakeInstaller installer;
  private PluginSwapper swapper;

  /** The contract. */
  interface Named {
    String name();
  }

  @BeforeEach
  void open() throws IOException {
    installer = new FakeInstaller(generation -> start.accept(generation));
    SwapSettings settings =
        SwapSettings.DEFAULT
            .withAvailability(Duration.ofMillis(20))
            .withStartLimit(Duration.ofSeconds(1))
            .withDrainDeadline(LIMIT)
            .withStandby(Duration.ZERO)
            .withHistory(0);
    Path store = Files.createDirectory(folder.resolve("store"));
    swapper =
        new PluginSwapper(
            world, installer, new ContentStore(store), settings, InstantSource.system());
    swapper.subscribe(events::add);
  }

  @AfterEach
  void close() {
    swapper.close();
  }

  private void offer(LiveGeneration generation) {
    String name = generation.generation().id();
    world.offer(
        generation, Named.class, () -> name, new ServiceRank(0, serviceIds.incrementAndGet()));
  }

  private Path jar(String version) {
    Path file = folder.resolve("p-" + version + ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "p");
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Refusal refusalOf(Path jar) {
    try {
      swapper.swap(jar);
    } catch (SwapRefusedException e) {
      return e.refusal();
    }
    throw new AssertionError("the swap of " + jar + " was not refused");
  }

  @Test
  void codeOfAnotherGenerationIsCaughtByTheProbeAndTheOldOneComesBack() throws Exception {
    swapper.swap(jar("1"));
    installer.definedBy = Optional.of(new Generation("p", 1, "1", "x"));
    assertThat(refusalOf(jar("2")))
        .isInstanceOfSatisfying(
            Refusal.NotAnswering.class,
            refusal ->
                assertThat(refusal.message())
                    .contains("is code of p generation 1", "generation 1 (1) stays current"));
    assertThat(named.with(Named::name)).isEqualTo("p#1");
    await().until(() -> installer.removed.stream().anyMatch(gone -> gone.number() == 2));
    assertThat(stages()).containsExactly(Stage.CURRENT);
  }

  @Test
  void generationThatIsSentBackDrainsBeforeItIsTakenAway() throws Exception {
    swapper.swap(jar("1"));
    List<Lease<Named>> leases = new CopyOnWriteArrayList<>();
    swapper.subscribe(
        event -> {
          if (event instanceof SwapEvent.Published && leases.isEmpty()) {
            leases.add(named.lease()); // a caller between publish and probe
          }
        });
    installer.definedBy = Optional.of(new Generation("p", 1, "1", "x"));
    refusalOf(jar("2"));
    assertThat(leases.get(0).service().name()).isEqualTo("p#2");
    assertThat(installer.removed).isEmpty();
    leases.get(0).close();
    await().until(() -> installer.removed.size() == 1);
  }

  @Test
  void startThatHangsIsGivenUpAndTheNextSwapBegins() throws Exception {
    swapper.swap(jar("1"));
    CountDownLatch release = new CountDownLatch(1);
    start =
        generation -> {
          awaitUninterruptibly(release);
          offer(generation);
        };
    assertThat(refusalOf(jar("2"))).isInstanceOf(Refusal.StartOverdue.class);
    start = this::offer;
    swapper.swap(jar("3"));
    assertThat(named.with(Named::name)).isEqualTo("p#3");
    release.countDown();
    await().until(() -> installer.removed.stream().anyMatch(gone -> gone.number() == 2));
    assertThat(named.with(Named::name)).isEqualTo("p#3");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        continue; // as stubborn as some activators
      }
    }
  }

  @Test
  void serviceThatIsOfferedLateButInTimeIsWaitedFor() throws Exception {
    start = generation -> CompletableFuture.runAsync(() -> offer(generation));
    swapper.swap(jar("1"));
    assertThat(named.with(Named::name)).isEqualTo("p#1");
  }

  @Test
  void serviceThatIsOfferedWhileItsGenerationDrainsDoesNotHoldTheDrain() throws Exception {
    List<LiveGeneration> staged = new CopyOnWriteArrayList<>();
    start =
        generation -> {
          staged.add(generation);
          offer(generation);
        };
    swapper.swap(jar("1"));
    Lease<Named> lease = named.lease();
    var swap = swapper.swap(jar("2"));
    offer(staged.get(0));
    lease.close();
    assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
    assertThat(named.with(Named::name)).isEqualTo("p#2");
  }

  @Test
  void listenerThatThrowsAnErrorChangesNothing() throws Exception {
    swapper.subscribe(
        event -> {
          throw new AssertionError("a listener's own trouble");
        });
    swapper.swap(jar("1"));
    assertThat(swapper.swap(jar("2")).awaitReclaimed(LIMIT).retirement()).isPresent();
    assertThat(named.with(Named::name)).isEqualTo("p#2");
  }

  @Test
  void errorOfTheFrameworkIsARefusalAndTheTurnIsFree() {
    swapper.swap(jar("1"));
    start =
        generation -> {
          throw new LinkageError("no such method");
        };
    assertThat(refusalOf(jar("2")).message()).contains("LinkageError: no such method");
    start = this::offer;
    swapper.swap(jar("3"));
    assertThat(named.with(Named::name)).isEqualTo("p#3");
  }

  @Test
  void askerWhoIsInterruptedBeforeTheTurnIsRefusedAndTheFlagIsKept() {
    Thread.currentThread().interrupt();
    assertInterrupted(jar("1"), "interrupted while waiting its turn");
    swapper.swap(jar("2"));
    assertThat(named.with(Named::name)).isEqualTo("p#1"); // the first was never begun
  }

  private void assertInterrupted(Path jar, String reason) {
    try {
      assertThat(refusalOf(jar))
          .isInstanceOfSatisfying(
              Refusal.Failed.class, refusal -> assertThat(refusal.why()).contains(reason));
    } finally {
      assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    }
  }

  @Test
  void interruptOfTheAskerGivesUpAStartThatHangs() throws Exception {
    swapper.swap(jar("1"));
    CountDownLatch release = new CountDownLatch(1);
    Thread asker = Thread.currentThread();
    start =
        generation -> {
          asker.interrupt();
          awaitUninterruptibly(release);
          offer(generation);
        };
    assertInterrupted(jar("2"), "interrupted before it was published");
    start = this::offer;
    swapper.swap(jar("3"));
    assertThat(named.with(Named::name)).isEqualTo("p#3");
    release.countDown();
    await().until(() -> installer.removed.stream().anyMatch(gone -> gone.number() == 2));
    assertThat(stages()).containsExactly(Stage.CURRENT);
  }

  @Test
  void whatComesUpAllTheSameIsTakenAwayWhereItsAskerWasInterrupted() {
    swapper.swap(jar("1"));
    Thread asker = Thread.currentThread();
    swapper.subscribe(
        event -> {
          if (event instanceof SwapEvent.Staged) {
            asker.interrupt(); // after it was started and checked
          }
        });
    assertInterrupted(jar("2"), "interrupted before it was published");
    assertThat(named.with(Named::name)).isEqualTo("p#1");
    assertThat(installer.removed).extracting(Generation::number).containsExactly(2L);
  }

  @Test
  void serviceIsNotWaitedForWhereTheAskerIsInterrupted() {
    swapper.swap(jar("1"));
    Thread asker = Thread.currentThread();
    swapper.subscribe(
        new SwapListener() {
          @Override
          public void on(SwapEvent event) {}

          @Override
          public void entered(Step step) {
            if (step == Step.CHECK) {
              asker.interrupt();
            }
          }
        });
    start = generation -> {};
    assertInterrupted(jar("2"), "interrupted before it was published");
    assertThat(named.with(Named::name)).isEqualTo("p#1");
  }

  @Test
  void interruptAfterThePublishLeavesTheSwapAloneAndIsKept() {
    swapper.swap(jar("1"));
    Thread asker = Thread.currentThread();
    swapper.subscribe(
        event -> {
          if (event instanceof SwapEvent.Published) {
            asker.interrupt();
          }
        });
    swapper.swap(jar("2"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(named.with(Named::name)).isEqualTo("p#2");
  }

  @Test
  void swapsAreCarriedOutInTheOrderOfAsking() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    start =
        generation -> {
          start = this::offer;
          awaitUninterruptibly(release);
          offer(generation);
        };
    List<Thread> askers = new java.util.ArrayList<>();
    for (String version : List.of("1", "5", "3", "4", "2")) {
      Path jar = jar(version);
      Thread asker = new Thread(() -> swapper.swap(jar));
      asker.start();
      askers.add(asker);
      await()
          .until(
              () ->
                  asker.getState() == Thread.State.WAITING
                      || asker.getState() == Thread.State.TIMED_WAITING);
    }
    release.countDown();
    for (Thread asker : askers) {
      asker.join();
    }
    assertThat(events)
        .filteredOn(SwapEvent.Staged.class::isInstance)
        .extracting(event -> ((SwapEvent.Staged) event).generation().version())
        .containsExactly("1", "5", "3", "4", "2");
  }

  @Test
  void generationThatStopsOfferingBeforeItsPublishIsRefused() {
    swapper.swap(jar("1"));
    List<LiveGeneration> staged = new CopyOnWriteArrayList<>();
    start =
        generation -> {
          staged.add(generation);
          offer(generation);
        };
    swapper.subscribe(
        event -> {
          if (event instanceof SwapEvent.Staged) {
            world.withdraw(staged.get(0), LIMIT); // behind the swap's back, as a component would
          }
        });
    assertThat(refusalOf(jar("2"))).isInstanceOf(Refusal.NoContractService.class);
    assertThat(named.with(Named::name)).isEqualTo("p#1");
  }

  @Test
  void serviceOfferedBetweenPublishAndAFailedProbeAnswersWhenTheOldOneIsBack() {
    List<LiveGeneration> staged = new CopyOnWriteArrayList<>();
    start =
        generation -> {
          staged.add(generation);
          offer(generation);
        };
    swapper.swap(jar("1"));
    swapper.subscribe(
        event -> {
          if (event instanceof SwapEvent.Published && staged.size() == 2) {
            LiveGeneration old = staged.get(0);
            world.offer(old, Named.class, () -> "late", new ServiceRank(9, 900));
          }
        });
    installer.definedBy = Optional.of(new Generation("p", 1, "1", "x"));
    refusalOf(jar("2"));
    assertThat(named.with(Named::name)).isEqualTo("late");
  }

  @Test
  void pluginWhoseExceptionCannotEvenBePrintedIsRefusedAndTheTurnIsFree() {
    start =
        generation -> {
          throw new IllegalStateException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
              throw new IllegalStateException("no words");
            }
          };
        };
    Refusal refusal = refusalOf(jar("1"));
    assertThat(refusal).isInstanceOf(Refusal.Failed.class);
    assertThat(refusal.message()).contains("nothing has changed");
    start = this::offer;
    swapper.swap(jar("2"));
    assertThat(named.with(Named::name)).isEqualTo("p#2");
  }

  @Test
  void failureAfterThePublishDoesNotSayThatNothingHasChanged() {
    swapper.swap(jar("1"));
    installer.definedBy = null; // which fails whoever asks who answered
    Refusal refusal = refusalOf(jar("2"));
    assertThat(refusal).isInstanceOf(Refusal.Failed.class);
    assertThat(refusal.message())
        .contains("callers met it for a moment, and what it replaces is current again")
        .doesNotContain("nothing has changed");
    assertThat(named.with(Named::name)).isEqualTo("p#1");
  }

  @Test
  void failureBesideWhichSomebodyUninstallsSaysThatWhatIsCurrentHasChanged() {
    List<LiveGeneration> staged = new CopyOnWriteArrayList<>();
    start =
        generation -> {
          staged.add(generation);
          offer(generation);
        };
    swapper.swap(jar("1"));
    start =
        generation -> {
          swapper.uninstalled(staged.get(0));
          throw new IllegalStateException("no such thing");
        };
    assertThat(refusalOf(jar("2")).message())
        .contains("what is current has changed meanwhile, see snapshot()");
  }

  @Test
  void sameBytesAreSwappedAgainWhenNothingOfThemRuns() {
    List<LiveGeneration> staged = new CopyOnWriteArrayList<>();
    start =
        generation -> {
          staged.add(generation);
          offer(generation);
        };
    Path jar = jar("1");
    swapper.swap(jar);
    world.withdraw(staged.get(0), LIMIT);
    assertThat(swapper.swap(jar).receipt().outcome())
        .isEqualTo(dev.hotswap.api.Receipt.Outcome.SWAPPED);
    assertThat(named.with(Named::name)).isEqualTo("p#2");
  }

  @Test
  void afterCloseSwapsAreRefusedAndCallsFailAtOnce() {
    swapper.swap(jar("1"));
    swapper.close();
    assertThat(refusalOf(jar("2"))).isInstanceOf(Refusal.Closing.class);
    assertThatThrownBy(() -> named.with(Named::name)).isInstanceOf(NoGenerationException.class);
  }

  @Test
  void bytesOfAGenerationLeaveTheStoreWithIt() throws Exception {
    swapper.swap(jar("1"));
    swapper.swap(jar("2")).awaitReclaimed(LIMIT);
    start = generation -> {};
    refusalOf(jar("3"));
    try (Stream<Path> stored = Files.walk(folder.resolve("store"))) {
      assertThat(stored.filter(Files::isRegularFile)) // the bytes, and the name of generation 2
          .extracting(file -> file.getFileName().toString())
          .hasSize(2)
          .contains("p@2.jar");
    }
  }

  private List<Stage> stages() {
    return swapper.snapshot().plugin("p").orElseThrow().generations().stream()
        .map(live -> live.stage())
        .toList();
  }
}
