package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Calls and leases that do not end: what is done about them, by policy and by an operator. */
@Timeout(60)
class StuckCallsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofMillis(10);

  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private Host host;
  private Handle<Greeter> greeter;

  private void open(UnaryOperator<Host.Builder> settings) {
    host = settings.apply(Hosts.builder().share(Greeter.class).listener(events::add)).open();
    greeter = host.handle(Greeter.class);
    host.swap(jar("1.0.0"));
  }

  @AfterEach
  void close() {
    go.countDown();
    host.close();
  }

  private Path jar(String version) {
    return PluginJar.greeter(version).in(folder);
  }

  /** Inside the plugin's own code; an interrupt ends it. */
  private FutureTask<String> stuckCall() throws InterruptedException {
    FutureTask<String> call =
        start("stuck-caller", () -> greeter.with(g -> g.holdThenLoadLate(inside, go)));
    inside.await();
    return call;
  }

  /** An interrupt does not end it. */
  private FutureTask<String> stubbornCall() throws InterruptedException {
    FutureTask<String> call =
        start(
            "stubborn-caller",
            () ->
                greeter.with(
                    g -> {
                      inside.countDown();
                      awaitUninterruptibly(go);
                      return g.version() + " " + Thread.interrupted();
                    }));
    inside.await();
    return call;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> FutureTask<T> start(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static <T> T get(FutureTask<T> task) throws Exception {
    return task.get(20, TimeUnit.SECONDS);
  }

  private <E extends SwapEvent> E awaited(Class<E> kind) {
    await().atMost(LIMIT).until(() -> told(kind).findFirst().isPresent());
    return told(kind).findFirst().orElseThrow();
  }

  private <E extends SwapEvent> Stream<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast);
  }

  private Refusal refusalOf(Callable<?> work) {
    return catchThrowableOfType(SwapRefusedException.class, work::call).refusal();
  }

  private List<Stage> stages() {
    return host.snapshot().plugin("greeter").orElseThrow().generations().stream()
        .map(Snapshot.Live::stage)
        .toList();
  }

  private Bundle bundle(String version) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(bundle -> "greeter".equals(bundle.getSymbolicName()))
        .filter(bundle -> bundle.getVersion().toString().equals(version))
        .findFirst()
        .orElseThrow();
  }

  // interrupt

  @Test
  void interruptAtTheDeadlineEndsACallThatHeedsItAndSoTheDrain() throws Exception {
    open(host -> host.drainDeadline(SOON).onDeadline(DeadlinePolicy.INTERRUPT));
    FutureTask<String> call = stuckCall();
    Swap swap = host.swap(jar("2.0.0"));

    assertThatThrownBy(() -> get(call)).hasCauseInstanceOf(InterruptedException.class);

    Retirement retirement = swap.awaitReclaimed(LIMIT).retirement().orElseThrow();
    assertThat(retirement.forced()).isFalse();
    assertThat(awaited(SwapEvent.Interrupted.class).holders())
        .extracting(Holder::threadName)
        .containsExactly("stuck-caller");
    assertThat(host.snapshot().tainted()).isEmpty();
  }

  @Test
  void callThatIgnoresItsInterruptIsWaitedFor() throws Exception {
    open(host -> host.drainDeadline(LIMIT));
    FutureTask<String> call = stubbornCall();
    Swap swap = host.swap(jar("2.0.0"));

    assertThat(host.decideDrain("greeter", DeadlinePolicy.INTERRUPT))
        .extracting(Generation::number)
        .containsExactly(1L);

    assertThat(told(SwapEvent.Interrupted.class)).hasSize(1);
    assertThat(stages()).containsExactly(Stage.DRAINING, Stage.CURRENT);
    go.countDown();
    assertThat(get(call)).isEqualTo("1.0.0 true");
    assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
  }

  @Test
  void takerOfALeaseIsNotInterrupted() {
    open(host -> host.leaseTracking(true));
    try (Lease<Greeter> lease = greeter.lease()) {
      host.swap(jar("2.0.0"));

      host.decideDrain("greeter", DeadlinePolicy.INTERRUPT);

      assertThat(Thread.interrupted()).isFalse();
      assertThat(awaited(SwapEvent.Interrupted.class).holders()).as("of " + lease).isEmpty();
    }
  }

  @Test
  void waitTakesTheDecisionOfThePolicyBack() throws Exception {
    open(host -> host);
    FutureTask<String> call = stuckCall();
    SwapOptions options =
        SwapOptions.NONE
            .withDrainDeadline(Duration.ofMillis(1))
            .withOnDeadline(DeadlinePolicy.INTERRUPT);
    // on the thread that is about to do what the policy says
    host.subscribe(
        event -> {
          if (event instanceof SwapEvent.DrainOverdue) {
            host.decideDrain("greeter", DeadlinePolicy.WAIT);
          }
        });
    host.swap(options, jar("2.0.0"));

    awaited(SwapEvent.DrainOverdue.class);
    go.countDown();
    assertThat(get(call)).isEqualTo("1.0.0 late");
    assertThat(told(SwapEvent.Interrupted.class)).isEmpty();
  }

  // force

  @Test
  void forceReclaimsUnderACallAndTheTaintStays() throws Exception {
    open(host -> host);
    FutureTask<String> call = stubbornCall();
    Swap swap = host.swap(jar("2.0.0"));

    host.decideDrain("greeter", DeadlinePolicy.FORCE);

    Retirement retirement = swap.awaitReclaimed(LIMIT).retirement().orElseThrow();
    assertThat(retirement.forced()).isTrue();
    assertThat(retirement.inFlight()).isEqualTo(1);
    assertThat(retirement.holders()).as("who was cut off").hasSize(1);
    assertThat(retirement.reclaimed()).as("its bundle").hasSize(1);
    assertThat(stages()).containsExactly(Stage.CURRENT);
    assertThat(awaited(SwapEvent.Forced.class).calls().inFlight()).isEqualTo(1);
    assertThat(told(SwapEvent.Drained.class)).isEmpty();
    go.countDown();
    assertThatThrownBy(() -> get(call))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("called after close: 1.0.0");
    host.swap(jar("3.0.0")).awaitReclaimed(LIMIT);
    assertThat(host.snapshot().tainted())
        .singleElement()
        .satisfies(tainted -> assertThat(tainted.generation().number()).isEqualTo(1))
        .satisfies(tainted -> assertThat(tainted.calls().inFlight()).isEqualTo(1));
  }

  @Test
  void forceByTheOptionsOfASwapActsAtItsDeadline() throws Exception {
    open(host -> host);
    Lease<Greeter> lease = greeter.lease();
    SwapOptions options =
        SwapOptions.NONE.withDrainDeadline(SOON).withOnDeadline(DeadlinePolicy.FORCE);

    Swap swap = host.swap(options, jar("2.0.0"));

    assertThat(swap.awaitReclaimed(LIMIT).retirement().orElseThrow().forced()).isTrue();
    assertThat(awaited(SwapEvent.DrainOverdue.class).waited()).isGreaterThanOrEqualTo(SOON);
    assertThatThrownBy(() -> lease.service().version()).hasMessageContaining("after close");
    lease.close();
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  @Test
  void drainThatEndsBeforeItsDeadlineIsNotForced() throws Exception {
    open(host -> host.standby(Duration.ZERO).onDeadline(DeadlinePolicy.FORCE));

    Receipt receipt = host.swap(jar("2.0.0")).awaitReclaimed(LIMIT);

    assertThat(receipt.retirement().orElseThrow().forced()).isFalse();
    assertThat(host.snapshot().tainted()).isEmpty();
  }

  @Test
  void forcedGenerationIsNotStartedAgainByARollback() throws Exception {
    open(host -> host);
    stubbornCall();
    Swap swap = host.swap(jar("2.0.0"));
    host.decideDrain("greeter", DeadlinePolicy.FORCE);
    swap.awaitReclaimed(LIMIT);

    host.rollback("greeter");

    assertThat(told(SwapEvent.StoodBy.class)).noneMatch(e -> e.generation().number() == 1);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(bundle("1.0.0").getState()).isEqualTo(Bundle.ACTIVE);
  }

  // reverse

  @Test
  void reversalUnderLoadFailsNoCall() throws Exception {
    open(host -> host);
    FutureTask<String> call = stubbornCall();
    SwapOptions options =
        SwapOptions.NONE.withDrainDeadline(SOON).withOnDeadline(DeadlinePolicy.REVERSE);
    try (Callers callers = new Callers()) {
      for (int i = 0; i < 4; i++) {
        callers.start("greeter-" + i, () -> greeter.with(Greeter::version));
      }
      await().atMost(LIMIT).until(() -> callers.calls() > 1000);
      for (int i = 2; i < 12; i++) {
        Receipt receipt = host.swap(options, jar(i + ".0.0")).awaitReclaimed(LIMIT);
        assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.REVERSED);
        assertThat(receipt.retirement().orElseThrow().generation().number()).isEqualTo(i);
        assertThat(receipt.retirement().orElseThrow().calls().inFlight()).isZero();
        assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    go.countDown();
    assertThat(get(call)).isEqualTo("1.0.0 false");
    assertThat(told(SwapEvent.Reversed.class)).hasSize(10);
    assertThat(stages()).containsExactly(Stage.CURRENT);
    assertThat(bundle("1.0.0").getState()).isEqualTo(Bundle.ACTIVE);
  }

  @Test
  void reversedGenerationIsSwappedAgainWhenItsCallHasEnded() throws Exception {
    open(host -> host);
    FutureTask<String> call = stubbornCall();
    host.swap(jar("2.0.0"));
    host.decideDrain("greeter", DeadlinePolicy.REVERSE);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");

    Swap swap = host.swap(jar("3.0.0"));

    assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
    assertThat(host.holders("greeter"))
        .extracting(Holder::threadName)
        .containsExactly("stubborn-caller");
    go.countDown();
    assertThat(get(call)).isEqualTo("1.0.0 false");
    Retirement retirement = swap.awaitReclaimed(LIMIT).retirement().orElseThrow();
    assertThat(retirement.calls().inFlight()).isZero();
    assertThat(retirement.calls().started()).isEqualTo(3); // a probe, the long one, the one after
  }

  @Test
  void reversedSwapIsNotUndoneOnceMoreByARollback() throws Exception {
    open(host -> host);
    host.swap(jar("2.0.0")).awaitReclaimed(LIMIT);
    stubbornCall();
    host.swap(jar("3.0.0"));
    host.decideDrain("greeter", DeadlinePolicy.REVERSE);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");

    host.rollback("greeter");

    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void reversalIsRefusedWhenTheresALaterSwap() throws Exception {
    open(host -> host);
    stubbornCall();
    host.swap(jar("2.0.0"));
    host.swap(jar("3.0.0")).awaitReclaimed(LIMIT);

    assertThat(refusalOf(() -> host.decideDrain("greeter", DeadlinePolicy.REVERSE)).message())
        .contains("greeter has been changed since greeter generation 2", "generation 3 (3.0.0)");

    assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
    assertThat(stages()).contains(Stage.DRAINING, Stage.CURRENT);
  }

  @Test
  void unloadIsNotReversed() throws Exception {
    open(host -> host);
    stubbornCall();
    host.unload("greeter");

    assertThat(refusalOf(() -> host.decideDrain("greeter", DeadlinePolicy.REVERSE)))
        .isInstanceOf(Refusal.NoWayBack.class);
  }

  @Test
  void stopOfAReversedGenerationWaitsForTheCallFromBefore() throws Exception {
    open(host -> host.drainDeadline(LIMIT));
    FutureTask<String> call = stuckCall();
    host.swap(jar("2.0.0"));
    host.decideDrain("greeter", DeadlinePolicy.REVERSE);
    Bundle old = bundle("1.0.0");
    FutureTask<Boolean> stop = new FutureTask<>(() -> stopped(old));
    Thread stopper = new Thread(stop, "stopper");
    stopper.setDaemon(true);
    stopper.start();
    await().atMost(LIMIT).until(() -> stopper.getState() == Thread.State.TIMED_WAITING);

    go.countDown();

    assertThat(get(call)).isEqualTo("1.0.0 late");
    assertThat(get(stop)).isTrue();
  }

  private static boolean stopped(Bundle bundle) throws Exception {
    bundle.stop();
    return true;
  }

  @Test
  void decisionAboutAPluginThatDoesNotDrainIsAboutNothing() {
    open(host -> host);

    assertThat(host.decideDrain("greeter", DeadlinePolicy.FORCE)).isEmpty();
    assertThat(refusalOf(() -> host.decideDrain("another", DeadlinePolicy.FORCE)))
        .isInstanceOf(Refusal.UnknownPlugin.class);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  // the cap

  @Test
  void generationTooManyIsRefusedAndNamesWhoKeepsTheOthers() throws Exception {
    open(host -> host.liveGenerations(2).drainDeadline(SOON));
    stubbornCall();
    host.swap(jar("2.0.0"));

    Refusal refusal = refusalOf(() -> host.swap(jar("3.0.0")));

    assertThat(refusal).isInstanceOf(Refusal.TooManyGenerations.class);
    assertThat(refusal.message())
        .startsWith("refused greeter 3.0.0: there are 2 live generations of it already")
        .contains("call on greeter generation 1 (1.0.0) by thread \"stubborn-caller\"")
        .contains("generation 2 (2.0.0) stays current");
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  @Test
  void fourGenerationsOfAPluginMayBeAliveByDefault() {
    open(host -> host.drainDeadline(SOON));
    List<Lease<Greeter>> leases = new ArrayList<>();
    for (String version : List.of("2.0.0", "3.0.0", "4.0.0")) {
      leases.add(greeter.lease());
      host.swap(jar(version));
    }
    assertThat(stages())
        .containsExactly(Stage.DRAINING, Stage.DRAINING, Stage.DRAINING, Stage.CURRENT);

    Refusal refusal = refusalOf(() -> host.swap(jar("5.0.0")));

    assertThat(refusal.message()).contains("there are 4 live generations of it already");
    leases.get(0).close();
    host.swap(SwapOptions.NONE.withDrainDeadline(LIMIT), jar("5.0.0"));
    leases.forEach(Lease::close);
  }

  @Test
  void swapThatWaitsForAPlaceLetsSwapsOfOtherPluginsPassAndKeepsItsOrder() throws Exception {
    open(host -> host.liveGenerations(2).drainDeadline(LIMIT));
    FutureTask<String> call = stubbornCall();
    host.swap(jar("2.0.0"));
    FutureTask<Swap> third = waiting("3.0.0");
    FutureTask<Swap> fourth = waiting("4.0.0");

    Path other =
        PluginJar.named("other", "1.0.0")
            .activator("GreeterActivator")
            .classes("OpenGreeter", "LateLoaded", "PluginException")
            .in(folder);
    assertThat(host.swap(other).receipt().outcome()).isEqualTo(Receipt.Outcome.SWAPPED);
    assertThat(third.isDone()).isFalse();
    go.countDown();

    get(call);
    get(third);
    get(fourth);
    assertThat(told(SwapEvent.Answered.class).map(answered -> answered.generation().version()))
        .containsExactly("1.0.0", "2.0.0", "1.0.0", "3.0.0", "4.0.0");
    assertThat(told(SwapEvent.Refused.class)).isEmpty();
  }

  /** Returns when the swap waits. */
  private FutureTask<Swap> waiting(String version) {
    return waiting(SwapOptions.NONE, version);
  }

  private FutureTask<Swap> waiting(SwapOptions options, String version) {
    Path jar = jar(version);
    FutureTask<Swap> swap = new FutureTask<>(() -> host.swap(options, jar));
    Thread asker = new Thread(swap, "asker-" + version);
    asker.setDaemon(true);
    asker.start();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                Stream.of(asker.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().endsWith(".Places")));
    return swap;
  }

  @Test
  void forceMakesRoomForAWaitingSwap() throws Exception {
    open(host -> host.liveGenerations(2).drainDeadline(LIMIT));
    stubbornCall();
    host.swap(jar("2.0.0"));
    FutureTask<Swap> third = waiting("3.0.0");

    host.decideDrain("greeter", DeadlinePolicy.FORCE);

    assertThat(get(third).receipt().outcome()).isEqualTo(Receipt.Outcome.SWAPPED);
    assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
  }

  @Test
  void swapThatWaitsForAPlaceIsRefusedByTheCloseOfTheHost() throws Exception {
    open(host -> host.liveGenerations(2).drainDeadline(Duration.ofSeconds(2)));
    stubbornCall();
    host.swap(jar("2.0.0"));
    SwapOptions patient = SwapOptions.NONE.withDrainDeadline(Duration.ofHours(1));
    FutureTask<Swap> third = waiting(patient, "3.0.0");

    host.close();

    assertThatThrownBy(() -> get(third)).hasMessageContaining("closed or closing");
  }
}
