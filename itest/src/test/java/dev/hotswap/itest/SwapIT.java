package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SwapIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  // not the common pool: on two processors it has one thread, and the tests block two
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private Host host;
  private Handle<Greeter> greeter;

  @BeforeEach
  void open() {
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .availability(Duration.ofMillis(50))
            .listener(events::add)
            .open();
    greeter = host.handle(Greeter.class);
  }

  @AfterEach
  void close() {
    others.shutdownNow();
    host.close();
  }

  @Test
  void callsReachTheNewGenerationWhenSwapReturns() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    Swap swap = host.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(swap.receipt().answeredBy())
        .hasValue("dev.hotswap.itest.plugins.OpenGreeter of greeter#2");
  }

  @Test
  void callInFlightFinishesOnTheOldGenerationAndMayLoadClassesLate() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<String> call =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return greeter.with(g -> g.holdThenLoadLate(inside, go));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            others);
    inside.await();
    Swap swap = host.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    assertThatThrownBy(() -> swap.awaitReclaimed(Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class);
    assertThat(stages()).containsExactly(Stage.DRAINING, Stage.CURRENT);
    go.countDown();
    assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
    assertThat(swap.awaitReclaimed(LIMIT).retirement().orElseThrow().calls())
        .isEqualTo(new Calls(2, 2, 0)); // the held call and the probe
    assertThat(stages()).containsExactly(Stage.CURRENT);
  }

  @Test
  void receiptCountsWhatTheCallersCount() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    for (int i = 0; i < 10; i++) {
      greeter.with(Greeter::version);
    }
    assertThatThrownBy(() -> greeter.with(Greeter::fail))
        .hasMessage("failed in 1.0.0")
        .extracting(thrown -> thrown.getClass().getSimpleName())
        .isEqualTo("PluginException");
    Receipt receipt = host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    assertThat(receipt.retirement().orElseThrow().calls())
        .isEqualTo(new Calls(12, 11, 1)); // with the probe's lease
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.SWAPPED);
    assertThat(receipt.from().map(Generation::version)).hasValue("1.0.0");
    assertThat(receipt.to().map(Generation::version)).hasValue("2.0.0");
  }

  @Test
  void sameVersionWithOtherBytesIsANewGeneration() {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    host.swap(PluginJar.greeter("1.0.0").header("Test-Build", "2").in(folder));
    Generation current = host.snapshot().plugin("greeter").orElseThrow().current().orElseThrow();
    assertThat(current.number()).isEqualTo(2);
    assertThat(current.version()).isEqualTo("1.0.0");
  }

  @Test
  void sameBytesAreALoudNoOp() throws Exception {
    Path jar = PluginJar.greeter("1.0.0").in(folder);
    Receipt first = host.swap(jar).receipt();
    Receipt second = host.swap(jar).awaitReclaimed(LIMIT);
    assertThat(second.outcome()).isEqualTo(Receipt.Outcome.UNCHANGED);
    assertThat(second.to()).isEqualTo(first.to());
    assertThat(events).last().isInstanceOf(SwapEvent.Unchanged.class);
  }

  @Test
  void swapFromInsideACallDoesNotDeadlockAndNestedCallsSeeTheNewGeneration() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Path next = PluginJar.greeter("2.0.0").in(folder);
    String seen =
        greeter.with(
            outer -> {
              host.swap(next);
              return outer.version() + " then " + greeter.with(Greeter::version);
            });
    assertThat(seen).isEqualTo("1.0.0 then 2.0.0");
    await().until(() -> stages().equals(List.of(Stage.CURRENT)));
  }

  /** The turn is held until all of them wait for it, so that their order is known. */
  @Test
  void concurrentSwapsAreCarriedOutInTheOrderOfAsking() throws Exception {
    CountDownLatch turnIsHeld = new CountDownLatch(1);
    CountDownLatch endTurn = new CountDownLatch(1);
    List<Thread> askers = new ArrayList<>();
    try (var subscription =
        host.subscribe(
            event -> {
              if (event instanceof SwapEvent.Staged && event.swap() == 1) {
                turnIsHeld.countDown();
                awaitOpen(endTurn);
              }
            })) {
      askers.add(asker("1.0.0"));
      turnIsHeld.await();
      for (String version : List.of("4.0.0", "2.0.0", "3.0.0")) {
        Thread asker = asker(version);
        await().until(() -> waitsForItsTurn(asker));
        askers.add(asker);
      }
      endTurn.countDown();
      for (Thread asker : askers) {
        asker.join(LIMIT.toMillis());
      }
    }
    assertThat(events)
        .filteredOn(SwapEvent.Published.class::isInstance)
        .extracting(event -> ((SwapEvent.Published) event).to().orElseThrow().version())
        .containsExactly("1.0.0", "4.0.0", "2.0.0", "3.0.0");
  }

  private Thread asker(String version) {
    Path jar = PluginJar.greeter(version).in(folder);
    Thread asker = new Thread(() -> host.swap(jar), "asker-" + version);
    asker.start();
    return asker;
  }

  private static boolean waitsForItsTurn(Thread asker) {
    return asker.getState() == Thread.State.WAITING
        && Stream.of(asker.getStackTrace())
            .anyMatch(frame -> frame.getClassName().endsWith(".core.Turn"));
  }

  private static void awaitOpen(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void swapAskedForByAListenerOfTheSwapUnderWayIsRefused() {
    Path first = PluginJar.greeter("1.0.0").in(folder);
    Path second = PluginJar.greeter("2.0.0").in(folder);
    List<String> refused = new CopyOnWriteArrayList<>();
    try (var subscription =
        host.subscribe(
            event -> {
              if (event instanceof SwapEvent.Staged) {
                try {
                  host.swap(second);
                } catch (RuntimeException e) {
                  refused.add(e.getMessage());
                }
              }
            })) {
      host.swap(first);
    }
    assertThat(refused)
        .singleElement()
        .asString()
        .contains("listener or plugin of a swap under way");
  }

  @Test
  void leaseClosedOnAnotherThreadLetsTheGenerationGo() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Lease<Greeter> lease = greeter.lease();
    Swap swap = host.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(lease.service().version()).isEqualTo("1.0.0");
    CompletableFuture.runAsync(lease::close, others).get(20, TimeUnit.SECONDS);
    assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
  }

  @Test
  void proxyFollowsSwapsAndKeepsItsGenerationUntilTheStageCompletes() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Greeter kept = greeter.proxy();
    CompletableFuture<Void> go = new CompletableFuture<>();
    CompletableFuture<String> later = kept.later(go).toCompletableFuture();
    Swap swap = host.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(kept.version()).isEqualTo("2.0.0");
    assertThatThrownBy(() -> swap.awaitReclaimed(Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class);
    go.complete(null);
    assertThat(later.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
    assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
  }

  @Test
  void unloadLeavesNothingAndLaterCallsSaySo() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    assertThat(host.unload("greeter").awaitReclaimed(LIMIT).outcome())
        .isEqualTo(Receipt.Outcome.UNLOADED);
    assertThat(host.snapshot().plugins()).isEmpty();
    assertThatThrownBy(() -> greeter.with(Greeter::version))
        .isInstanceOf(NoGenerationException.class)
        .hasMessageContaining("dev.hotswap.itest.contract.Greeter");
  }

  @Test
  void overdueDrainIsReportedAndGoesOn() throws Exception {
    try (Host impatient =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .drainDeadline(Duration.ofMillis(10))
            .listener(events::add)
            .open()) {
      Handle<Greeter> handle = impatient.handle(Greeter.class);
      impatient.swap(PluginJar.greeter("1.0.0").in(folder));
      Swap swap;
      try (Lease<Greeter> lease = handle.lease()) {
        swap = impatient.swap(PluginJar.greeter("2.0.0").in(folder));
        await().until(() -> events.stream().anyMatch(SwapEvent.DrainOverdue.class::isInstance));
        assertThat(lease.service().version()).isEqualTo("1.0.0");
      }
      assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
    }
  }

  @Test
  void eventsTellTheWholeStoryInOrder() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    events.clear();
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    assertThat(events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Staged", "Published", "Answered", "Drained", "Reclaimed");
    assertThat(events).extracting(SwapEvent::swap).containsOnly(2L);
  }

  @Test
  void theHigherRankingPluginAnswersAndTheOtherTakesOverWhenItLeaves() {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    host.swap(
        PluginJar.greeter("9.0.0")
            .header("Bundle-SymbolicName", "louder")
            .header("Test-Ranking", "10")
            .in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("9.0.0");
    host.unload("louder");
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  private List<Stage> stages() {
    return host.snapshot().plugin("greeter").orElseThrow().generations().stream()
        .map(live -> live.stage())
        .toList();
  }
}
