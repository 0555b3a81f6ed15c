package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot run twice is swapped one after the other, and no caller fails meanwhile. */
@Timeout(120)
class HandoverIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Semaphore permit = new Semaphore(1);
  private Host host;
  private Handle<Greeter> greeter;

  @BeforeEach
  void open() {
    System.getProperties().put("test.permit", permit);
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .startLimit(Duration.ofSeconds(2))
            .share(Greeter.class)
            .open();
    greeter = host.handle(Greeter.class);
  }

  @AfterEach
  void close() {
    host.close();
    System.getProperties().keySet().removeIf(key -> key.toString().startsWith("test."));
  }

  @Test
  void exclusivePluginIsSwappedUnderLoadAndNoCallFails() throws Exception {
    host.swap(exclusive("1.0.0").in(folder));
    HeldTimes held = new HeldTimes();
    try (Callers callers = new Callers()) {
      callers.start("a", () -> held.call(() -> greeter.with(Greeter::version)));
      callers.start("b", () -> held.call(() -> greeter.with(Greeter::version)));
      for (int version = 2; version <= 40; version++) {
        Path next = exclusive(version + ".0.0").in(folder);
        held.begin();
        host.swap(next).awaitReclaimed(LIMIT);
        assertThat(greeter.with(Greeter::version)).isEqualTo(version + ".0.0");
        held.end();
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
      assertThat(callers.calls()).isPositive();
    }
    System.out.println("HandoverIT: exclusive, " + held);
    assertThat(permit.availablePermits()).isZero();
  }

  @Test
  void singletonIsSwappedUnderLoadAndNoCallFails() throws Exception {
    host.swap(singleton("1.0.0").as(folder.resolve("1.jar")));
    HeldTimes held = new HeldTimes();
    try (Callers callers = new Callers()) {
      callers.start("a", () -> held.call(() -> greeter.with(Greeter::version)));
      for (int version = 2; version <= 20; version++) {
        Path next = singleton(version + ".0.0").as(folder.resolve(version + ".jar"));
        held.begin();
        host.swap(next);
        assertThat(greeter.with(Greeter::version)).isEqualTo(version + ".0.0");
        held.end();
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    System.out.println("HandoverIT: singleton, " + held);
  }

  @Test
  void singletonMayBeWrittenInAnyWayThatManifestsAllow() {
    String quoted = "alone; singleton:=\"true\"";
    for (String version : new String[] {"1.0.0", "2.0.0"}) {
      PluginJar jar = PluginJar.greeter(version).header("Bundle-SymbolicName", quoted);
      host.swap(jar.as(folder.resolve(version + ".jar")));
    }
    assertThat(host.receipts().get(0).mode()).isEqualTo(Mode.ONE_AFTER_THE_OTHER);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exclusive | throws     | no such device",
        "exclusive | hangs      | it was still starting after 2000 ms",
        "exclusive | idle       | it registers no service",
        "exclusive | borrows    | is code of greeter generation 1",
        "exclusive | withdrawn  | it registers no service",
        "exclusive | stop-hangs | was still stopping after 2000 ms",
        "singleton | throws     | no such device",
        "singleton | hangs      | it was still starting after 2000 ms",
        "singleton | idle       | it registers no service",
        "singleton | withdrawn  | it registers no service",
        "singleton | stop-hangs | was still stopping after 2000 ms",
      })
  void whatFailsBringsTheOldOneBackAndNoCallFails(String kind, String trouble, String reason)
      throws Exception {
    boolean singleton = kind.equals("singleton");
    assumeFalse(
        Hosts.areOnEquinox() && trouble.equals("stop-hangs"),
        "Equinox starts no bundle again whose stop has thrown");
    host.swap(jar(singleton, "1.0.0", trouble.equals("stop-hangs") ? trouble : "").in(folder));
    if (trouble.equals("withdrawn")) {
      host.subscribe(HandoverIT::withdraw);
    }
    Path second = jar(singleton, "2.0.0", trouble).in(folder);
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      callers.start("b", () -> greeter.with(Greeter::version));
      SwapRefusedException refused =
          catchThrowableOfType(SwapRefusedException.class, () -> host.swap(second));
      assertThat(refused.refusal()).isInstanceOf(Refusal.NotHandedOver.class);
      try (Lease<Greeter> lease = greeter.lease()) {
        assertThat(lease.service().version()).isEqualTo("1.0.0");
        assertThat(refused.refusal().stands()).contains(lease.generation());
      }
      assertThat(refused)
          .hasMessageContaining(reason)
          .hasMessageContaining("what it replaces was started again and answers")
          .hasMessageContaining("(1.0.0) stays current");
      assertThat(refused.receipt().orElseThrow().longestHold()).isPositive();
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
  }

  /** Between the check and the publish. */
  private static void withdraw(SwapEvent event) {
    if (event instanceof SwapEvent.Staged staged && staged.generation().version().equals("2.0.0")) {
      ((Runnable) System.getProperties().get("test.withdraw")).run();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stopThatThrowsDoesNotKeepTheNextOneOut(boolean singleton) throws Exception {
    host.swap(jar(singleton, "1.0.0", "stop-throws").in(folder));
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      host.swap(jar(singleton, "2.0.0", "").in(folder)).awaitReclaimed(LIMIT);
      assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whereTheWayBackFailsTooThatIsSaidAndTheNextGoodVersionAnswers(boolean singleton)
      throws Exception {
    host.swap(jar(singleton, "1.0.0", "").in(folder));
    Path greedy = jar(singleton, "2.0.0", "keeps").in(folder);
    SwapRefusedException refused =
        catchThrowableOfType(SwapRefusedException.class, () -> host.swap(greedy));
    assertThat(refused)
        .hasMessageContaining("no such device")
        .hasMessageContaining("did not start again either (it failed to start: ")
        .hasMessageContaining("the port is in use")
        .hasMessageContaining("nothing answers now. Swap a version that starts");
    permit.release();
    host.swap(jar(singleton, "3.0.0", "").in(folder)).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
  }

  /** Callers who find nothing wait, and the version that is swapped in at once answers them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whereTheWayBackFailsTooCallersWaitForTheNextVersionAndNoneFails(boolean singleton)
      throws Exception {
    host.swap(jar(singleton, "1.0.0", "").in(folder));
    Path greedy = jar(singleton, "2.0.0", "keeps").in(folder);
    Path good = jar(singleton, "3.0.0", "").in(folder);
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      callers.start("b", () -> greeter.proxy().version());
      SwapRefusedException refused =
          catchThrowableOfType(SwapRefusedException.class, () -> host.swap(greedy));
      assertThat(refused).hasMessageContaining("nothing answers now");
      permit.release();
      host.swap(good);
      assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
      callers.stop();
      assertThat(callers.failures()).isEmpty();
      assertThat(callers.calls()).isPositive();
    }
  }

  /** What the docs allow, and nothing else: no provider came within the availability time. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whereTheWayBackFailsTooAndNothingFollowsCallersAreToldThatNothingAnswers(boolean singleton)
      throws Exception {
    try (Host hurried =
            Hosts.builder()
                .standby(Duration.ZERO)
                .availability(Duration.ofSeconds(1))
                .share(Greeter.class)
                .open();
        Callers callers = new Callers()) {
      Handle<Greeter> handle = hurried.handle(Greeter.class);
      hurried.swap(jar(singleton, "1.0.0", "").in(folder));
      callers.start("a", () -> handle.with(Greeter::version));
      callers.start("b", () -> handle.proxy().version());
      Path greedy = jar(singleton, "2.0.0", "keeps").in(folder);
      SwapRefusedException refused =
          catchThrowableOfType(SwapRefusedException.class, () -> hurried.swap(greedy));
      assertThat(refused).hasMessageContaining("nothing answers now");
      await().atMost(LIMIT).until(() -> callers.failures().size() == 2);
      assertThat(callers.failures())
          .allSatisfy(failure -> assertThat(failure).contains("NoGenerationException: nothing"));
      permit.release();
      hurried.swap(jar(singleton, "3.0.0", "").in(folder));
      assertThat(handle.with(Greeter::version)).isEqualTo("3.0.0");
    }
  }

  @Test
  void stopThatNeverEndsIsToldAndWhenItDoesTheOldOneAnswersAgain() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    System.getProperties().put("test.go", go);
    host.swap(jar(false, "1.0.0", "stop-is-stubborn").in(folder));
    Path second = jar(false, "2.0.0", "").in(folder);
    SwapRefusedException refused =
        catchThrowableOfType(SwapRefusedException.class, () -> host.swap(second));
    assertThat(refused)
        .hasMessageContaining("was still stopping after 2000 ms")
        .hasMessageContaining("nothing answers now");
    go.countDown();
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void inPlaceIsOneAfterTheOtherAsPlannedAndNoCallFails() throws Exception {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Path second = PluginJar.greeter("2.0.0").in(folder);
    SwapOptions inPlace = SwapOptions.NONE.withInPlace(true);
    Plan plan = host.plan(inPlace, second);
    assertThat(plan.toString()).contains("one after the other", "it has started: asked for");
    List<String> story = new CopyOnWriteArrayList<>();
    host.subscribe(event -> story.add(event.getClass().getSimpleName()));
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      Receipt receipt = host.swap(inPlace, second).awaitReclaimed(LIMIT);
      assertThat(receipt.plan()).contains(plan);
      assertThat(receipt.mode()).isEqualTo(Mode.ONE_AFTER_THE_OTHER);
      assertThat(receipt.longestHold()).isPositive();
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(story).containsExactly("Staged", "Published", "Answered", "Drained", "Reclaimed");
  }

  private static PluginJar jar(boolean singleton, String version, String trouble) {
    PluginJar jar = exclusive(version).header("Test-Trouble", trouble);
    return singleton
        ? jar.without("Provide-Capability").header("Bundle-SymbolicName", "alone;singleton:=true")
        : jar;
  }

  @Test
  void singletonThatFailsLeavesTheOldOneInstalledWhichIsStartedAgain() throws Exception {
    host.swap(singleton("1.0.0").as(folder.resolve("1.jar")));
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      Refusal refusal =
          refusal(
              singleton("2.0.0").header("Test-Trouble", "throws").activator("ExclusiveActivator"));
      assertThat(refusal.message()).contains("no such device", "was started again and answers");
      assertThat(refusal.stands().orElseThrow().number()).isEqualTo(1);
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void rollbackOfASingletonThatFailsBringsTheCurrentOneBack() throws Exception {
    host.swap(singleton("1.0.0").activator("ExclusiveActivator").as(folder.resolve("1.jar")));
    host.swap(singleton("2.0.0").as(folder.resolve("2.jar"))).awaitReclaimed(LIMIT);
    permit.acquire(); // what 1.0.0 needs is taken
    SwapRefusedException refused =
        catchThrowableOfType(SwapRefusedException.class, () -> host.rollback("alone"));
    assertThat(refused)
        .hasMessageContaining("the port is in use")
        .hasMessageContaining("was started again and answers");
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  @Test
  void drainThatDoesNotEndInTimeLeavesTheOldOneUntouched() throws Exception {
    try (Host hurried =
        Hosts.builder()
            .standby(Duration.ZERO)
            .availability(Duration.ofSeconds(2))
            .share(Greeter.class)
            .open()) {
      Handle<Greeter> handle = hurried.handle(Greeter.class);
      hurried.swap(exclusive("1.0.0").in(folder));
      Path second = exclusive("2.0.0").in(folder);
      try (Lease<Greeter> lease = handle.lease();
          Callers callers = new Callers()) {
        callers.start("with", () -> handle.with(Greeter::version));
        callers.start("proxy", () -> handle.proxy().version());
        SwapRefusedException refused =
            catchThrowableOfType(SwapRefusedException.class, () -> hurried.swap(second));
        assertThat(refused)
            .hasMessageContaining("did not end within 1000 ms")
            .hasMessageContaining("that was not touched, and answers");
        assertThat(handle.with(Greeter::version)).isEqualTo("1.0.0");
        assertThat(lease.service().version()).isEqualTo("1.0.0");
        long before = callers.calls();
        await().atMost(LIMIT).until(() -> callers.calls() > before);
        callers.stop();
        assertThat(callers.failures()).isEmpty();
      }
      hurried.swap(second).awaitReclaimed(LIMIT);
      assertThat(handle.with(Greeter::version)).isEqualTo("2.0.0");
    }
  }

  @Test
  void rollbackIsOneAfterTheOtherToo() throws Exception {
    try (Host standing =
        Hosts.builder().standby(Duration.ofMinutes(1)).share(Greeter.class).open()) {
      Handle<Greeter> handle = standing.handle(Greeter.class);
      standing.swap(exclusive("1.0.0").in(folder));
      standing.swap(exclusive("2.0.0").in(folder)).awaitReclaimed(LIMIT);
      standing.rollback("greeter").awaitReclaimed(LIMIT);
      assertThat(handle.with(Greeter::version)).isEqualTo("1.0.0");
    }
  }

  private static PluginJar exclusive(String version) {
    return PluginJar.greeter(version)
        .activator("ExclusiveActivator")
        .classes("GreeterActivator")
        .header("Provide-Capability", "dev.hotswap.exclusive;resource=\"port 8080\"");
  }

  private static PluginJar singleton(String version) {
    return PluginJar.greeter(version).header("Bundle-SymbolicName", "alone;singleton:=true");
  }

  private Refusal refusal(PluginJar jar) {
    Path file = jar.as(folder.resolve("refused.jar"));
    return catchThrowableOfType(SwapRefusedException.class, () -> host.swap(file)).refusal();
  }
}
