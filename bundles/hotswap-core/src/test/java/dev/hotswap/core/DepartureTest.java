package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Stage;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapOptions;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What leaves is gone in the end, whatever its own code and others do meanwhile. */
@Timeout(30)
class DepartureTest {
  @TempDir Path folder;
  private FakeHost host;

  @BeforeEach
  void open() {
    host = new FakeHost(folder, settings -> settings);
  }

  @AfterEach
  void close() {
    host.close();
  }

  /** To catch an interrupt and set the flag again is right of a plugin. */
  @Test
  void interruptFlagThatAPluginsStopLeavesBehindStopsNoReclaim() throws Exception {
    host.swapper.swap(host.jar("p", "1"), host.jar("q", "1"));
    host.installer.removal =
        generation -> {
          Thread.currentThread().interrupt();
          new CountDownLatch(1).await(); // throws, as the wait for the framework's refresh does
        };

    host.swapper.swap(host.jar("p", "2"), host.jar("q", "2")).awaitReclaimed(FakeHost.LIMIT);

    assertThat(host.stages("p")).containsExactly(Stage.CURRENT);
    assertThat(host.stages("q")).containsExactly(Stage.CURRENT);
  }

  @Test
  void interruptDoesNotEndTheWaitForCalls() throws Exception {
    host.swapper.swap(host.jar("p", "1"), host.jar("q", "1"));
    CountDownLatch interrupted = new CountDownLatch(1);
    host.installer.removal =
        generation -> {
          Thread.currentThread().interrupt(); // q leaves first, and p with this flag set
          interrupted.countDown();
        };
    try (Lease<FakeHost.Named> lease = leaseOf("p#1")) {
      Swap swap =
          host.swapper.swap(
              SwapOptions.NONE.withDrainDeadline(Duration.ofMillis(20)),
              host.jar("p", "2"),
              host.jar("q", "2"));
      interrupted.await();
      assertThat(host.stages("p")).containsExactly(Stage.DRAINING, Stage.CURRENT);
      lease.close();
      swap.awaitReclaimed(FakeHost.LIMIT);
    }
    assertThat(host.stages("p")).containsExactly(Stage.CURRENT);
  }

  private Lease<FakeHost.Named> leaseOf(String name) {
    Lease<FakeHost.Named> lease = host.named.lease();
    assertThat(lease.service().name()).isEqualTo(name);
    return lease;
  }

  @Test
  void forcedGenerationIsCollectableWhenItsLastCallEnds() throws Exception {
    host.swapper.swap(host.jar("p", "1"));
    Lease<FakeHost.Named> lease = host.named.lease();
    WeakReference<Object> service = new WeakReference<>(lease.service());
    SwapOptions force =
        SwapOptions.NONE
            .withDrainDeadline(Duration.ofMillis(10))
            .withOnDeadline(DeadlinePolicy.FORCE);
    host.swapper.swap(force, host.jar("p", "2")).awaitReclaimed(FakeHost.LIMIT);
    host.started.clear();
    lease.close();
    lease = null;

    awaitCollected(service);
  }

  private static void awaitCollected(WeakReference<?> reference) {
    await()
        .atMost(FakeHost.LIMIT)
        .until(
            () -> {
              System.gc();
              return reference.get() == null;
            });
  }

  @Test
  void serviceWhoseLastCallEndedAfterItWasTakenBackIsLetGoOf() {
    host.swapper.swap(host.jar("p", "1"));
    LiveGeneration generation = host.started.get(0);
    Lease<FakeHost.Named> lease = host.named.lease();
    WeakReference<Object> service = new WeakReference<>(lease.service());
    host.world.withdraw(generation, Duration.ZERO);
    lease.close();
    lease = null;
    assertThat(host.swapper.snapshot().plugins()).hasSize(1);

    awaitCollected(service);
    assertThat(generation.calls().started()).isEqualTo(2); // the probe's too
  }

  @Test
  void whatIsKeptIsLookedAtAgainWhenItsKeeperLeavesAtThatMoment() {
    host.swapper.swap(host.jar("lib", "1"));
    AtomicInteger asked = new AtomicInteger();
    host.installer.keptBy =
        generation -> asked.getAndIncrement() == 0 ? List.of("dependent 1") : List.of();

    host.swapper.swap(host.jar("lib", "2"));

    awaitReclaimed("lib", 1);
    assertThat(host.stages("lib")).containsExactly(Stage.CURRENT);
  }

  @Test
  void whatIsKeptIsReclaimedWhenItsLastKeeperIsDiscarded() {
    host.swapper.swap(host.jar("lib", "1"));
    host.installer.keptBy =
        generation ->
            generation.generation().plugin().equals("lib") && host.installer.removed.size() < 2
                ? List.of("dependent 1")
                : List.of();
    StagedSet dependent = host.swapper.stage(host.jar("dependent", "1"));
    host.swapper.swap(host.jar("lib", "2"));
    await()
        .until(() -> host.events.stream().anyMatch(SwapEvent.KeptByDependents.class::isInstance));

    dependent.discard();

    awaitReclaimed("lib", 1);
  }

  private void awaitReclaimed(String plugin, long number) {
    await()
        .atMost(FakeHost.LIMIT)
        .until(
            () ->
                host.events.stream()
                    .filter(SwapEvent.Reclaimed.class::isInstance)
                    .map(event -> ((SwapEvent.Reclaimed) event).generation())
                    .anyMatch(gone -> isOf(gone, plugin, number)));
  }

  private static boolean isOf(Generation generation, String plugin, long number) {
    return generation.plugin().equals(plugin) && generation.number() == number;
  }
}
