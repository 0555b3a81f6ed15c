package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Lease;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.FrameworkWiring;

/** Somebody stops, updates or uninstalls a plugin's bundle behind the host's back. */
@Timeout(60)
class ForeignStopIT {
  @TempDir Path folder;
  // not the common pool: on two processors it has one thread, and the tests block two
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private Host host;
  private Handle<Greeter> greeter;
  private Bundle bundle;

  @BeforeEach
  void runTheFirstGeneration() {
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .availability(Duration.ofMillis(100))
            .listener(events::add)
            .open();
    greeter = host.handle(Greeter.class);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    bundle = greeterOf(host);
  }

  private static Bundle greeterOf(Host host) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(candidate -> "greeter".equals(candidate.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  @AfterEach
  void close() {
    others.shutdownNow();
    host.close();
  }

  @Test
  void refreshedBundleThatDoesNotStartAgainIsInTheLog() throws Exception {
    Iterator<Long> starts = List.of(2L).iterator(); // there is no number for a second start
    Function<Bundle, Long> numbers = starting -> starts.next();
    System.getProperties().put("test.number", numbers);
    try (LogLines logged = LogLines.of("dev.hotswap.host.FrameworkErrors")) {
      Path stamped =
          PluginJar.named("greeter", "1.1.0")
              .header("Test-Contract", "Greeter")
              .activator("StampedActivator")
              .classes("OpenGreeter", "PluginException")
              .in(folder);
      host.swap(stamped).awaitReclaimed(Duration.ofSeconds(20)); // see limitations, of Equinox
      Bundle refreshed = FrameworkUtil.getBundle(greeter.with(Object::getClass));
      host.bundleContext()
          .getBundle(Constants.SYSTEM_BUNDLE_ID)
          .adapt(FrameworkWiring.class)
          .refreshBundles(List.of(refreshed)); // throws nothing
      await().until(() -> !logged.lines().isEmpty());
      assertThat(logged.lines())
          .singleElement()
          .asString()
          .startsWith("event=framework-error bundle=\"greeter 1.1.0\" thrown=");
    } finally {
      System.getProperties().remove("test.number");
    }
  }

  private interface Deed {
    void run() throws BundleException;
  }

  /** The call is inside when the deed begins, and ends well although it loads a class late. */
  private void callInFlightSurvives(Deed deed) throws Exception {
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
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> {
              try {
                deed.run();
              } catch (BundleException e) {
                throw new IllegalStateException(e);
              }
            },
            others);
    // once new calls are turned away the deed has begun, and is waiting for the old one
    await().until(this::nothingAnswers);
    assertThat(done).isNotDone();
    go.countDown();
    assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
    done.get(20, TimeUnit.SECONDS);
  }

  private boolean nothingAnswers() {
    try {
      greeter.with(Greeter::version);
      return false;
    } catch (NoGenerationException e) {
      return true;
    }
  }

  @Test
  void stopWaitsForTheCallInFlight() throws Exception {
    callInFlightSurvives(bundle::stop);
    assertThat(events).last().isInstanceOf(SwapEvent.Withdrawn.class);
    assertThatThrownBy(() -> greeter.with(Greeter::version))
        .isInstanceOf(NoGenerationException.class);
  }

  @Test
  void stopIsHeldUpNoLongerThanTheDrainDeadlineAndSaysWhatItLeftBehind() throws Exception {
    try (Host impatient =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .drainDeadline(Duration.ofMillis(50))
            .listener(events::add)
            .open()) {
      Handle<Greeter> handle = impatient.handle(Greeter.class);
      impatient.swap(PluginJar.greeter("1.0.0").in(folder));
      try (Lease<Greeter> lease = handle.lease()) {
        greeterOf(impatient).stop();
        assertThat(events)
            .last()
            .isInstanceOfSatisfying(
                SwapEvent.Withdrawn.class,
                event -> assertThat(event.cause()).contains("with calls still in flight"));
        assertThat(lease.generation().number()).isEqualTo(1);
      }
    }
  }

  /** The call is stubborn: it stays inside past the deadline of whoever stops the plugin. */
  @ParameterizedTest
  @EnumSource(Outlasted.class)
  void whoOutlastsTheDeadlineOfSomebodysStopIsNamed(Outlasted deed) throws Exception {
    try (Host impatient =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .drainDeadline(Duration.ofMillis(50))
            .listener(events::add)
            .open()) {
      Handle<Greeter> handle = impatient.handle(Greeter.class);
      impatient.swap(PluginJar.greeter("1.0.0").in(folder));
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      FutureTask<String> call =
          new FutureTask<>(() -> handle.with(g -> g.holdThenLoadLate(inside, go)));
      Thread stubborn = new Thread(call, "stubborn-caller");
      stubborn.start();
      inside.await();
      deed.to(greeterOf(impatient));
      SwapEvent.Withdrawn told = (SwapEvent.Withdrawn) events.get(events.size() - 1);
      assertThat(told.cause()).startsWith(deed.word).endsWith(", with calls still in flight");
      assertThat(told.holders()).hasSize(1);
      Holder holder = told.holders().get(0);
      assertThat(holder.threadName()).isEqualTo("stubborn-caller");
      assertThat(holder.generation()).isEqualTo(told.generation());
      assertThat(holder.stack()).anySatisfy(at -> assertThat(at).contains("holdThenLoadLate"));
      assertThat(told.calls().inFlight()).isOne();
      go.countDown();
      stubborn.join();
    }
  }

  private enum Outlasted {
    STOP("stopped by ") {
      @Override
      void to(Bundle bundle) throws BundleException {
        bundle.stop();
      }
    },
    UPDATE("updated by ") {
      @Override
      void to(Bundle bundle) throws BundleException {
        bundle.update(new ByteArrayInputStream(PluginJar.greeter("1.5.0").bytes()));
      }
    },
    UNINSTALL("uninstalled by ") {
      @Override
      void to(Bundle bundle) throws BundleException {
        bundle.uninstall();
      }
    };

    private final String word;

    Outlasted(String word) {
      this.word = word;
    }

    abstract void to(Bundle bundle) throws BundleException;
  }

  /** The bundle stays, and only one of its services goes: as where a component is deactivated. */
  @Test
  void whoOutlastsTheDeadlineOfAServiceIsNamed() throws Exception {
    try (Host impatient =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .drainDeadline(Duration.ofMillis(50))
            .listener(events::add)
            .open()) {
      Handle<Greeter> handle = impatient.handle(Greeter.class);
      impatient.swap(
          PluginJar.greeter("1.0.0")
              .activator("ReregisteringActivator")
              .classes("ReregisteringActivator$1")
              .in(folder));
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      FutureTask<String> call =
          new FutureTask<>(() -> handle.with(g -> g.holdThenLoadLate(inside, go)));
      Thread stubborn = new Thread(call, "stubborn-caller");
      stubborn.start();
      inside.await();
      handle.with(Greeter::fail); // has it registered anew
      await().until(() -> events.get(events.size() - 1) instanceof SwapEvent.Withdrawn);
      SwapEvent.Withdrawn told = (SwapEvent.Withdrawn) events.get(events.size() - 1);
      assertThat(told.cause()).startsWith("rid of its " + Greeter.class.getName() + " by thread");
      assertThat(told.holders()).extracting(Holder::threadName).containsExactly("stubborn-caller");
      go.countDown();
      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
      assertThat(handle.with(Greeter::version)).isEqualTo("1.0.0");
    }
  }

  @Test
  void whatEndedInTimeHasNoHolders() throws Exception {
    callInFlightSurvives(bundle::stop);
    assertThat(events)
        .last()
        .isInstanceOfSatisfying(
            SwapEvent.Withdrawn.class, told -> assertThat(told.holders()).isEmpty());
  }

  /** Nothing else is told of a generation that somebody uninstalls. */
  @Test
  void uninstallTellsWhatBecameOfTheCalls() throws Exception {
    for (int i = 0; i < 5; i++) {
      greeter.with(Greeter::version);
    }
    assertThatThrownBy(() -> greeter.with(Greeter::fail)).hasMessageContaining("failed in 1.0.0");
    bundle.stop();
    bundle.start();
    greeter.with(Greeter::version);
    bundle.uninstall();
    assertThat(events)
        .last()
        .isInstanceOfSatisfying(
            SwapEvent.Withdrawn.class,
            told -> assertThat(told.calls()).isEqualTo(new Calls(8, 7, 1))); // with the probe's
  }

  @Test
  void startAfterAStopServesAgain() throws Exception {
    bundle.stop();
    bundle.start();
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void callerThatMeetsTheGapIsHeldUntilTheServiceIsBack() throws Exception {
    try (Host patient =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .availability(Duration.ofSeconds(20))
            .open()) {
      Handle<Greeter> handle = patient.handle(Greeter.class);
      patient.swap(PluginJar.greeter("1.0.0").in(folder));
      Bundle stopped = greeterOf(patient);
      stopped.stop();
      FutureTask<String> call = new FutureTask<>(() -> handle.with(Greeter::version));
      Thread caller = new Thread(call, "waiting-caller");
      caller.start();
      await().until(() -> waitsForAProvider(caller));
      stopped.start();
      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0");
    }
  }

  private static boolean waitsForAProvider(Thread caller) {
    return Stream.of(caller.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("awaitProvider"));
  }

  @Test
  void updateWaitsForTheCallInFlight() throws Exception {
    byte[] next = PluginJar.greeter("1.5.0").bytes();
    callInFlightSurvives(() -> bundle.update(new ByteArrayInputStream(next)));
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.5.0");
  }

  @Test
  void fileThatWasSwappedInIsNotUnchangedOnceSomebodyHasUpdatedTheBundle() throws Exception {
    bundle.update(new ByteArrayInputStream(PluginJar.greeter("1.5.0").bytes()));
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.5.0");
    Swap back = host.swap(PluginJar.greeter("1.0.0").in(folder));
    assertThat(back.receipt().outcome()).isEqualTo(Receipt.Outcome.SWAPPED);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void uninstallWaitsForTheCallInFlightAndThePluginIsGone() throws Exception {
    callInFlightSurvives(bundle::uninstall);
    assertThat(host.snapshot().plugins()).isEmpty();
    host.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  @Test
  void eachDeedIsToldOnceAndByItsName() throws Exception {
    String by = " by thread " + Thread.currentThread().getName();
    bundle.stop();
    bundle.start();
    bundle.update(new ByteArrayInputStream(PluginJar.greeter("1.5.0").bytes()));
    bundle.uninstall();
    assertThat(withdrawals()).containsExactly("stopped" + by, "updated" + by, "uninstalled" + by);
  }

  @Test
  void uninstallOfWhatWasStoppedBeforeIsADeedOfItsOwn() throws Exception {
    String by = " by thread " + Thread.currentThread().getName();
    bundle.stop();
    bundle.uninstall();
    assertThat(withdrawals()).containsExactly("stopped" + by, "uninstalled" + by);
  }

  private List<String> withdrawals() {
    return events.stream()
        .filter(SwapEvent.Withdrawn.class::isInstance)
        .map(event -> ((SwapEvent.Withdrawn) event).cause())
        .toList();
  }

  @Test
  void swapReplacesAGenerationThatSomebodyStopped() throws Exception {
    bundle.stop();
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(Duration.ofSeconds(20));
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(host.snapshot().plugin("greeter").orElseThrow().generations()).hasSize(1);
  }
}
