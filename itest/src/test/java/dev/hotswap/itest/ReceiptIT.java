package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.hotswap.api.Answer;
import dev.hotswap.api.Asked;
import dev.hotswap.api.Calls;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.host.ReceiptJson;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written down of a swap, compared with what others saw of it. */
@Timeout(120)
class ReceiptIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SWAPS = 200;

  @TempDir Path folder;
  private Host host;
  private Handle<Greeter> greeter;

  @BeforeEach
  void open() {
    host = open(Duration.ZERO);
    greeter = host.handle(Greeter.class);
  }

  private static Host open(Duration standby) {
    return Hosts.builder()
        .standby(standby)
        .share(Greeter.class)
        .drainDeadline(Duration.ofSeconds(5))
        .open();
  }

  @AfterEach
  void close() {
    host.close();
  }

  /** What callers saw of one generation, by their own count. */
  private static final class Seen {
    private final LongAdder returned = new LongAdder();
    private final LongAdder threw = new LongAdder();
  }

  @Test
  void countsOfCallersAgreeWithEveryReceipt() throws Exception {
    Map<String, Seen> seen = new ConcurrentHashMap<>();
    host.swap(jar(0));
    List<Swap> swaps = new ArrayList<>();
    try (Callers callers =
        new Callers()
            .start("returns", () -> countReturn(seen))
            .start("leases", () -> countLease(seen))
            .start("throws", () -> countThrow(seen))) {
      for (int i = 1; i <= SWAPS; i++) {
        long before = callers.calls();
        swaps.add(host.swap(jar(i)));
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> callers.calls() > before || !callers.failures().isEmpty());
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    swaps.add(host.unload("greeter"));
    long total = 0;
    for (Swap swap : swaps) {
      total += assertAgrees(swap.awaitReclaimed(LIMIT), seen);
    }
    assertThat(seen).hasSizeGreaterThan(SWAPS / 2); // they met most of the generations
    assertThat(seen.values().stream().mapToLong(s -> s.returned.sum() + s.threw.sum()).sum())
        .isEqualTo(total);
  }

  /** Answers how many calls of callers the receipt tells of. */
  private static long assertAgrees(Receipt receipt, Map<String, Seen> seen) {
    Retirement gone = receipt.retirement().orElseThrow();
    Calls calls = gone.calls();
    Seen count = seen.getOrDefault(gone.generation().version(), new Seen());
    assertThat(calls.started()).isEqualTo(calls.returned() + calls.threw());
    assertThat(calls.returned()).isEqualTo(count.returned.sum() + 1); // with the probe's lease
    assertThat(calls.threw()).isEqualTo(count.threw.sum());
    assertThat(gone.inFlight()).isBetween(0L, Math.min(3, calls.started()));
    assertThat(gone.drain()).isPositive();
    assertThat(gone.reclaimed()).singleElement().asString().contains(gone.generation().version());
    return calls.started() - 1;
  }

  private Path jar(int number) {
    return PluginJar.greeter("1.0." + number).in(folder);
  }

  private void countReturn(Map<String, Seen> seen) {
    count(greeter.with(Greeter::version), seen).returned.increment();
  }

  private void countLease(Map<String, Seen> seen) {
    try (Lease<Greeter> lease = greeter.lease()) {
      count(lease.service().version(), seen).returned.increment();
    }
  }

  private void countThrow(Map<String, Seen> seen) {
    try {
      greeter.with(Greeter::fail);
    } catch (Exception e) {
      count(e.getMessage().replace("failed in ", ""), seen).threw.increment();
    }
  }

  private static Seen count(String version, Map<String, Seen> seen) {
    return seen.computeIfAbsent(version, key -> new Seen());
  }

  /** Ways for a generation to leave. */
  enum Way {
    HANDOVER {
      @Override
      List<Swap> swap(Host host, UnaryOperator<PluginJar> jar, Path folder, Tally tally) {
        return List.of(
            host.swap(SwapOptions.NONE.withInPlace(true), stamped("greeter", jar, folder)));
      }
    },
    SET {
      @Override
      List<Swap> swap(Host host, UnaryOperator<PluginJar> jar, Path folder, Tally tally) {
        return List.of(host.swap(stamped("greeter", jar, folder), stamped("clock", jar, folder)));
      }
    },
    ROLLBACK {
      @Override
      List<Swap> swap(Host host, UnaryOperator<PluginJar> jar, Path folder, Tally tally) {
        return List.of(host.swap(stamped("greeter", jar, folder)), host.rollback("greeter"));
      }
    },
    REVERSAL {
      @Override
      List<Swap> swap(Host host, UnaryOperator<PluginJar> jar, Path folder, Tally tally) {
        try (Lease<Greeter> lease = host.handle(Greeter.class).lease()) {
          tally.returned(Stamp.of(lease.service().version())); // it is a call too
          Swap swap = host.swap(stamped("greeter", jar, folder));
          assertThat(host.decideDrain("greeter", DeadlinePolicy.REVERSE))
              .containsExactly(lease.generation());
          return List.of(swap);
        }
      }
    };

    abstract List<Swap> swap(Host host, UnaryOperator<PluginJar> jar, Path folder, Tally tally);

    static Path stamped(String plugin, UnaryOperator<PluginJar> jar, Path folder) {
      return jar.apply(PluginJar.named(plugin, "0"))
          .header("Test-Contract", plugin.equals("clock") ? "Clock" : "Greeter")
          .activator("StampedActivator")
          .classes("OpenGreeter", "LateLoaded", "PluginException")
          .as(folder.resolve(plugin + ".jar"));
    }
  }

  /** By what callers, events and receipts say of each generation. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void countsOfCallersAgreeWithEveryReceiptWhicheverWayGenerationsLeave(Way way) throws Exception {
    Tally tally = new Tally();
    try (Host counted =
        Hosts.builder()
            .standby(Duration.ofMillis(50))
            .share(Greeter.class, Clock.class)
            .availability(LIMIT)
            .listener(tally)
            .open()) {
      Function<String, Long> numbers = plugin -> newestNumber(counted, plugin);
      System.getProperties().put("test.number", numbers);
      List<Swap> swaps = new ArrayList<>(Way.SET.swap(counted, version(0), folder, tally));
      Handle<Greeter> counting = counted.handle(Greeter.class);
      Handle<Clock> clock = counted.handle(Clock.class);
      try (Callers callers =
          new Callers()
              .start("returns", () -> tally.returned(Stamp.of(counting.with(Greeter::version))))
              .start("leases", () -> lease(counting, tally))
              .start("throws", () -> fail(counting, tally))
              .start("tells", () -> tally.returned(Stamp.of(clock.with(Clock::version))))) {
        for (int i = 1; i <= 10; i++) {
          long before = callers.calls();
          swaps.addAll(way.swap(counted, version(i), folder, tally));
          await().until(() -> callers.calls() > before || !callers.failures().isEmpty());
        }
        callers.stop();
        assertThat(callers.failures()).isEmpty();
      }
      swaps.add(counted.unload("greeter"));
      swaps.add(counted.unload("clock"));
      List<Receipt> receipts = new ArrayList<>();
      for (Swap swap : swaps) {
        receipts.add(swap.awaitReclaimed(LIMIT));
      }
      assertThat(receipts.stream().flatMap(receipt -> receipt.changes().stream()))
          .filteredOn(change -> change.retirement().isPresent())
          .hasSizeGreaterThanOrEqualTo(12);
      assertThat(tally.settle(receipts)).isEmpty();
    } finally {
      System.getProperties().remove("test.number");
    }
  }

  private static UnaryOperator<PluginJar> version(int number) {
    return jar -> jar.header("Bundle-Version", "1.0." + number);
  }

  private static long newestNumber(Host host, String plugin) {
    return host.snapshot().plugin(plugin).orElseThrow().generations().stream()
        .mapToLong(live -> live.generation().number())
        .max()
        .orElseThrow();
  }

  private static void lease(Handle<Greeter> handle, Tally tally) {
    try (Lease<Greeter> lease = handle.lease()) {
      tally.returned(Stamp.of(lease.service().version()));
    }
  }

  private static void fail(Handle<Greeter> handle, Tally tally) {
    try {
      handle.with(Greeter::fail);
    } catch (Exception e) {
      tally.threw(Stamp.of(e.getMessage().replace("failed in ", "")));
    }
  }

  @Test
  void everySwapLeavesOneDoneOrRefusedNewestFirst() throws Exception {
    Path first = PluginJar.greeter("1.0.0").in(folder);
    host.swap(first);
    host.swap(first);
    refusedBy(() -> host.swap(Files.writeString(folder.resolve("cut.jar"), "no zip")));
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    host.rollback("greeter").awaitReclaimed(LIMIT);
    refusedBy(() -> host.unload("nobody"));
    host.plan(first);
    host.unload("greeter").awaitReclaimed(LIMIT);
    assertThat(host.receipts())
        .extracting(Receipt::outcome)
        .containsExactly(
            Receipt.Outcome.UNLOADED,
            Receipt.Outcome.REFUSED,
            Receipt.Outcome.ROLLED_BACK,
            Receipt.Outcome.SWAPPED,
            Receipt.Outcome.REFUSED,
            Receipt.Outcome.UNCHANGED,
            Receipt.Outcome.SWAPPED);
    assertThat(host.receipts()).extracting(Receipt::id).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    assertThat(host.receipt(5).orElseThrow().request().verb()).isEqualTo(Receipt.Verb.ROLLBACK);
  }

  private static Receipt refusedBy(ThrowingCallable swap) {
    return catchThrowableOfType(SwapRefusedException.class, swap).receipt().orElseThrow();
  }

  @Test
  void aRefusedSwapSaysHowFarItCameAndWhatStands() {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Path broken = PluginJar.greeter("2.0.0").activator("ThrowingActivator").in(folder);
    Receipt receipt = refusedBy(() -> host.swap(new Asked("ana", "ticket 12"), broken));
    assertThat(receipt.request().asked()).isEqualTo(new Asked("ana", "ticket 12"));
    assertThat(receipt.refusal().orElseThrow()).isInstanceOf(Refusal.StartFailed.class);
    assertThat(receipt.refusal().flatMap(Refusal::stands).map(Generation::version))
        .hasValue("1.0.0");
    Plan plan = receipt.plan().orElseThrow();
    assertThat(plan.members()).extracting(Plan.Member::version).containsExactly("2.0.0");
    assertThat(receipt.request().files())
        .containsExactly(
            new Receipt.Source(broken.toString(), Optional.of(plan.members().get(0).sha256())));
    assertThat(receipt.changes()).isEmpty();
    assertThat(receipt.timings().start()).isPositive();
    assertThat(receipt.timings().publish()).isZero();
    assertThat(host.receipt(receipt.id())).hasValue(receipt);
  }

  @Test
  void theProofNamesTheClassLoaderAndTheGenerationOfWhoAnswered() {
    Answer first = answerOf(host.swap(PluginJar.greeter("1.0.0").in(folder)));
    Answer second = answerOf(host.swap(PluginJar.greeter("2.0.0").in(folder)));
    assertThat(second.contract()).isEqualTo(Greeter.class.getName());
    assertThat(second.type()).isEqualTo("dev.hotswap.itest.plugins.OpenGreeter");
    assertThat(second.generation().number()).isEqualTo(2);
    assertThat(second.definedBy()).hasValue(second.generation());
    assertThat(second.loader()).isNotEqualTo(first.loader());
    String own =
        greeter.with(
            object ->
                object.getClass().getClassLoader().getClass().getName()
                    + "@"
                    + Integer.toHexString(
                        System.identityHashCode(object.getClass().getClassLoader())));
    assertThat(second.loader()).isEqualTo(own);
  }

  private static Answer answerOf(Swap swap) {
    return swap.receipt().changes().get(0).answers().get(0);
  }

  @Test
  void theStepsTakeTimeAndTogetherNoMoreThanTheSwap() {
    Path jar = PluginJar.greeter("1.0.0").in(folder);
    long start = System.nanoTime();
    Receipt receipt = host.swap(jar).receipt();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    var timings = receipt.timings();
    assertThat(
            List.of(
                timings.turn(),
                timings.read(),
                timings.plan(),
                timings.prepare(),
                timings.start(),
                timings.check(),
                timings.publish(),
                timings.probe()))
        .allSatisfy(step -> assertThat(step).isPositive());
    assertThat(timings.total()).isLessThanOrEqualTo(took);
    assertThat(receipt.mode()).isEqualTo(Mode.SIDE_BY_SIDE);
    assertThat(receipt.longestHold()).isZero();
  }

  @Test
  void aStagedSetHasItsReceiptOncePublishedAndASecondPublishAnotherOne() {
    StagedSet set = host.stage(new Asked("bob", "at night"), PluginJar.greeter("1.0.0").in(folder));
    assertThat(host.receipts()).isEmpty();
    Receipt receipt = set.publish().receipt();
    assertThat(receipt.id()).isEqualTo(1);
    assertThat(receipt.request().asked().by()).isEqualTo("bob");
    assertThat(receipt.timings().start()).isPositive();
    assertThat(receipt.timings().publish()).isPositive();
    assertThat(refusedBy(set::publish).id()).isEqualTo(2);
    assertThat(host.receipt(1)).hasValue(receipt);
  }

  @Test
  void aLeaseAtRetirementIsInFlightAndAtTheDeadlineItsHolderIsNamed() throws Exception {
    CountDownLatch overdue = new CountDownLatch(1);
    try (Host impatient =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .drainDeadline(Duration.ofMillis(10))
            .leaseTracking(true)
            .listener(event -> release(overdue, event))
            .open()) {
      impatient.swap(PluginJar.greeter("1.0.0").in(folder));
      Swap swap;
      try (Lease<Greeter> lease = impatient.handle(Greeter.class).lease()) {
        swap = impatient.swap(PluginJar.greeter("2.0.0").in(folder));
        assertThat(swap.receipt().retirement()).isEmpty();
        assertThat(overdue.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(lease.generation().number()).isEqualTo(1);
      }
      Retirement gone = swap.awaitReclaimed(LIMIT).retirement().orElseThrow();
      assertThat(gone.inFlight()).isEqualTo(1);
      assertThat(gone.holders())
          .singleElement()
          .satisfies(
              holder ->
                  assertThat(holder.threadName()).isEqualTo(Thread.currentThread().getName()));
      assertThat(gone.drain()).isGreaterThan(Duration.ofMillis(10));
    }
  }

  private static void release(CountDownLatch overdue, SwapEvent event) {
    if (event instanceof SwapEvent.DrainOverdue) {
      overdue.countDown();
    }
  }

  @Test
  void whatStoodByIsAddedOnceItIsReclaimed() throws Exception {
    try (Host standing = open(Duration.ofMinutes(10))) {
      standing.swap(PluginJar.greeter("1.0.0").in(folder));
      long id = standing.swap(PluginJar.greeter("2.0.0").in(folder)).receipt().id();
      await().until(() -> standing.receipt(id).orElseThrow().retirement().isPresent());
      assertThat(reclaimed(standing, id)).isEmpty();
      standing.swap(PluginJar.greeter("3.0.0").in(folder)).awaitReclaimed(LIMIT);
      assertThat(reclaimed(standing, id))
          .singleElement()
          .asString()
          .matches("greeter 1\\.0\\.0 \\[bundle \\d+]");
    }
  }

  private static List<String> reclaimed(Host host, long id) {
    return host.receipt(id).orElseThrow().retirement().orElseThrow().reclaimed();
  }

  @Test
  void jsonOfARealReceiptParsesBack() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Receipt receipt = host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    Map<String, Object> read = JSON.std.mapFrom(ReceiptJson.write(receipt));
    assertThat(read).containsEntry("schema", ReceiptJson.SCHEMA).containsEntry("id", 2);
    assertThat(read.get("changes").toString())
        .contains(receipt.from().orElseThrow().sha256(), receipt.to().orElseThrow().sha256());
  }
}
