package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Counter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** State that survives a swap: each call counts one, and the count is that of the callers. */
@Timeout(120)
class StateIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private Host host;
  private Handle<Counter> counter;

  @BeforeEach
  void open() {
    host =
        Hosts.builder()
            .standby(Duration.ofMinutes(1))
            .startLimit(Duration.ofSeconds(1))
            .share(Counter.class)
            .open();
    counter = host.handle(Counter.class);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"side by side", "in place", "singleton"})
  void noUpdateIsLostWhileStateIsHandedOverUpAndDownUnderLoad(String mode) throws Exception {
    boolean singleton = mode.equals("singleton");
    SwapOptions options = SwapOptions.NONE.withInPlace(mode.equals("in place"));
    host.swap(keeper("1.0.0", singleton).in(folder));
    try (Callers callers = new Callers()) {
      callers.start("a", () -> counter.with(Counter::count));
      callers.start("b", () -> counter.with(Counter::count));
      for (int version = 2; version <= 15; version++) {
        Receipt receipt =
            host.swap(options, keeper(version + ".0.0", singleton).in(folder)).receipt();
        assertThat(receipt.longestHold()).isPositive();
        if (version % 5 == 0) {
          host.rollback("counter");
          assertThat(counter.with(Counter::version)).isEqualTo(version - 1 + ".0.0");
        }
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
      assertThat(counter.with(Counter::count)).isEqualTo(callers.calls() + 1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.0.0 | give-throws  | false | did not give its state: .*PluginOwnException: not now",
        "1.0.0 | give-hangs   | false | did not give its state: it took longer than 1000 ms",
        "1.0.0 | foreign      | false | holds at state.note\\[0] an object of .*PluginException",
        "2.0.0 | take-throws  | false | did not take the state of 1.0.0 over: .*not now",
        "2.0.0 | take-hangs   | false | did not take the state of 1.0.0 over: it took longer",
        "2.0.0 | no-keeper    | false | none of its services is a StateKeeper",
        "1.0.0 | give-throws  | true  | did not give its state: .*PluginOwnException: not now",
        "1.0.0 | foreign      | true  | holds at state.note\\[0] an object of .*PluginException",
        "2.0.0 | take-throws  | true  | did not take the state of 1.0.0 over: .*not now",
        "2.0.0 | take-hangs   | true  | did not take the state of 1.0.0 over: it took longer",
        "2.0.0 | start-throws | true  | no such device",
      })
  void whatFailsLeavesTheOldOneWithItsStateAndLosesNothing(
      String version, String trouble, boolean inPlace, String reason) throws Exception {
    host.swap(keeper("1.0.0", version.equals("1.0.0") ? trouble : "").in(folder));
    Path second = keeper("2.0.0", version.equals("2.0.0") ? trouble : "").in(folder);
    SwapOptions options = SwapOptions.NONE.withInPlace(inPlace);
    try (Callers callers = new Callers()) {
      callers.start("a", () -> counter.with(Counter::count));
      callers.start("b", () -> counter.with(Counter::count));
      SwapRefusedException refused =
          catchThrowableOfType(SwapRefusedException.class, () -> host.swap(options, second));
      assertThat(refused.refusal())
          .isInstanceOf(
              trouble.equals("foreign") ? Refusal.ForeignState.class : Refusal.NotHandedOver.class);
      assertThat(refused.refusal().message())
          .containsPattern(reason)
          .contains("answers", "generation 1 (1.0.0) stays current")
          .doesNotContain("without its state");
      callers.stop();
      assertThat(callers.failures()).isEmpty();
      assertThat(counter.with(Counter::version)).isEqualTo("1.0.0");
      assertThat(counter.with(Counter::count)).isEqualTo(callers.calls() + 1);
    }
  }

  /** The drain waits for it, and it would wait for the publish. */
  @Test
  void callFromInsideACallIsAnsweredWhileCallersAreHeldAndIsInTheState() throws Exception {
    host.swap(keeper("1.0.0", "").in(folder));
    counter.with(Counter::count);
    Path second = keeper("2.0.0", "").in(folder);
    CountDownLatch inside = new CountDownLatch(1);
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      Future<Long> nested =
          caller.submit(
              () ->
                  counter.with(
                      outer -> {
                        inside.countDown();
                        awaitHeld();
                        return counter.proxy().count() + counter.with(Counter::count);
                      }));
      inside.await();

      Receipt receipt = host.swap(second).receipt();

      assertThat(nested.get()).isEqualTo(2 + 3);
      assertThat(receipt.longestHold()).isLessThan(LIMIT.dividedBy(2));
      assertThat(counter.with(Counter::count)).isEqualTo(4);
    } finally {
      caller.shutdownNow();
    }
  }

  private void awaitHeld() {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                host.snapshot().plugin("counter").orElseThrow().generations().stream()
                    .anyMatch(live -> live.stage() == Stage.DRAINING));
  }

  @Test
  void swapFromInsideACallOnWhatHandsItsStateOverIsRefusedAtOnce() throws Exception {
    host.swap(keeper("1.0.0", "").in(folder));
    Path second = keeper("2.0.0", "").in(folder);

    SwapRefusedException refused =
        counter.with(
            outer -> catchThrowableOfType(SwapRefusedException.class, () -> host.swap(second)));

    assertThat(refused)
        .hasMessageContaining("it was asked for from inside a call on what it replaces")
        .hasMessageContaining("callers were held for 0 ms");
    assertThat(counter.with(Counter::count)).isEqualTo(1);
    host.swap(second);
    assertThat(counter.with(Counter::count)).isEqualTo(2);
  }

  @Test
  void planSaysWhatBecomesOfTheStateAndTheSwapDoesThat() throws Exception {
    host.swap(keeper("1.0.0", "").in(folder));
    counter.with(Counter::count);
    Plan over = host.plan(keeper("2.0.0", "").in(folder));
    assertThat(over.toString())
        .contains("side by side", "its state is handed over; callers are held for that");
    Path stateless = keeper("2.0.0", "").without("Provide-Capability").in(folder);
    Plan dropped = host.plan(stateless);
    assertThat(dropped.members().get(0).state()).isEqualTo(Plan.State.DROPPED);
    Receipt receipt = host.swap(stateless).receipt();
    assertThat(receipt.plan()).contains(dropped);
    assertThat(receipt.longestHold()).isZero();
    assertThat(counter.with(Counter::count)).isEqualTo(1);
    assertThat(host.plan(keeper("3.0.0", "").in(folder)).members().get(0).state())
        .isEqualTo(Plan.State.BEGUN);
    assertThat(over.toString().lines()).allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "own-keeper"})
  void keeperThatIsNotAskedIsNamedOnceInTheLog(String how) {
    try (LogLines logged = LogLines.of("dev.hotswap.core.LiveGeneration")) {
      host.swap(keeper("1.0.0", how).without("Provide-Capability").in(folder));
      host.swap(keeper("2.0.0", how).in(folder));
      assertThat(logged.lines())
          .containsExactly(
              "event=state-keeper-unasked generation=\"counter generation 1 (1.0.0)\""
                  + " missing=dev.hotswap.state");
    }
  }

  @Test
  void severalThatKeepStateAreHandedOverInOneSwapOrNoneIs() throws Exception {
    host.swap(keeper("1.0.0", "").in(folder), other("1.0.0", "").in(folder));
    counter.with(Counter::count);
    Path good = keeper("2.0.0", "").in(folder);
    Path bad = other("2.0.0", "take-throws").in(folder);
    SwapRefusedException refused =
        catchThrowableOfType(SwapRefusedException.class, () -> host.swap(good, bad));
    assertThat(refused).hasMessageContaining("other generation 2 (2.0.0) did not take the state");
    assertThat(counter.with(Counter::count)).isEqualTo(2);
    host.swap(good, other("3.0.0", "").in(folder)).awaitReclaimed(LIMIT);
    assertThat(counter.with(Counter::version)).isEqualTo("2.0.0");
    assertThat(counter.with(Counter::count)).isEqualTo(3);
  }

  private static PluginJar keeper(String version, boolean singleton) {
    PluginJar jar = keeper(version, "");
    return singleton ? jar.header("Bundle-SymbolicName", "counter;singleton:=true") : jar;
  }

  private static PluginJar other(String version, String trouble) {
    return keeper(version, trouble).header("Bundle-SymbolicName", "other");
  }

  private static PluginJar keeper(String version, String trouble) {
    return PluginJar.named("counter", version)
        .activator("CountingActivator")
        .classes(
            "CountingActivator$Counting",
            "CountingActivator$Keeper",
            "CountingActivator$Kept",
            "CountingActivator$PluginOwnException",
            "PluginException")
        .header(
            "Import-Package",
            "org.osgi.framework,dev.hotswap.api,dev.hotswap.itest.contract;version=\"[1.2,2)\"")
        .header("Provide-Capability", "dev.hotswap.state")
        .header("Test-Trouble", trouble);
  }
}
