package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** An overdue drain names who holds it. */
@Timeout(60)
class HoldersIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private Host host;
  private Handle<Greeter> greeter;

  private void open(boolean leaseTracking) {
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .drainDeadline(Duration.ofMillis(10))
            .leaseTracking(leaseTracking)
            .listener(events::add)
            .open();
    greeter = host.handle(Greeter.class);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
  }

  @AfterEach
  void close() {
    go.countDown();
    host.close();
  }

  @Test
  void callThatHoldsAnOverdueDrainIsNamedInEventAndSnapshotAndToTheOperator() throws Exception {
    open(false);
    FutureTask<String> call = start("stuck-caller", this::hold);
    inside.await();
    Swap swap = host.swap(PluginJar.greeter("2.0.0").in(folder));

    SwapEvent.DrainOverdue overdue = overdue();
    assertThat(overdue.holders()).singleElement().satisfies(HoldersIT::isTheStuckCall);
    assertThat(overdue.unnamed()).isZero();
    assertThat(host.holders("greeter")).singleElement().satisfies(HoldersIT::isTheStuckCall);
    assertThat(live(1).holders()).singleElement().satisfies(HoldersIT::isTheStuckCall);
    assertThat(live(2).holders()).isEmpty();
    assertThat(host.holders("another")).isEmpty();

    go.countDown();
    assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
    swap.awaitReclaimed(LIMIT);
    assertThat(host.holders("greeter")).isEmpty();
  }

  private static void isTheStuckCall(Holder holder) {
    assertThat(holder.label()).startsWith("call on greeter generation 1 (1.0.0) by thread");
    assertThat(holder.threadName()).isEqualTo("stuck-caller");
    assertThat(holder.age()).isPresent();
    assertThat(holder.stack()).anyMatch(frame -> frame.contains("OpenGreeter.holdThenLoadLate("));
  }

  @Test
  void leaseThatHoldsAnOverdueDrainIsNamedByWhoTookItAndWhere() throws Exception {
    open(true);
    try (Lease<Greeter> lease = start("taker", this::takeLease).get(20, TimeUnit.SECONDS)) {
      host.swap(PluginJar.greeter("2.0.0").in(folder));

      assertThat(overdue().holders())
          .as("of " + lease)
          .singleElement()
          .satisfies(
              holder -> {
                assertThat(holder.kind()).isEqualTo(Holder.Kind.LEASE);
                assertThat(holder.threadName()).isEqualTo("taker");
                assertThat(holder.stack().get(0)).contains("HoldersIT.takeLease(");
              });
    }
  }

  @Test
  void leaseIsCountedWhereLeasesAreNotTracked() {
    open(false);
    try (Lease<Greeter> lease = greeter.lease()) {
      host.swap(PluginJar.greeter("2.0.0").in(folder));

      assertThat(overdue().holders()).as("of " + lease).isEmpty();
      assertThat(overdue().unnamed()).isEqualTo(1);
      assertThat(live(1).unnamed()).isEqualTo(1);
    }
  }

  /** A stop by somebody else is held up no longer than the deadline, but can be looked into. */
  @Test
  void callThatOutlastsAStopBySomebodyElseIsNamedToo() throws Exception {
    open(false);
    start("stuck-caller", this::hold);
    inside.await();

    for (Bundle bundle : host.bundleContext().getBundles()) {
      if ("greeter".equals(bundle.getSymbolicName())) {
        bundle.stop();
      }
    }

    assertThat(host.holders("greeter")).singleElement().satisfies(HoldersIT::isTheStuckCall);
  }

  private String hold() throws InterruptedException {
    return greeter.with(g -> g.holdThenLoadLate(inside, go));
  }

  private Lease<Greeter> takeLease() {
    return greeter.lease();
  }

  private static <T> FutureTask<T> start(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private SwapEvent.DrainOverdue overdue() {
    await().atMost(LIMIT).until(() -> events.stream().anyMatch(HoldersIT::isOverdue));
    return (SwapEvent.DrainOverdue)
        events.stream().filter(HoldersIT::isOverdue).findFirst().orElseThrow();
  }

  private static boolean isOverdue(SwapEvent event) {
    return event instanceof SwapEvent.DrainOverdue;
  }

  private Snapshot.Live live(long number) {
    return host.snapshot().plugin("greeter").orElseThrow().generations().stream()
        .filter(live -> live.generation().number() == number)
        .findFirst()
        .orElseThrow();
  }
}
