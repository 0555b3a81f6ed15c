package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
    System.getProperties().remove("test.permit");
  }

  @Test
  void exclusivePluginIsSwappedUnderLoadAndNoCallFails() throws Exception {
    host.swap(exclusive("1.0.0").in(folder));
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      callers.start("b", () -> greeter.with(Greeter::version));
      for (int version = 2; version <= 40; version++) {
        host.swap(exclusive(version + ".0.0").in(folder)).awaitReclaimed(LIMIT);
        assertThat(greeter.with(Greeter::version)).isEqualTo(version + ".0.0");
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
      assertThat(callers.calls()).isPositive();
    }
    assertThat(permit.availablePermits()).isZero();
  }

  @Test
  void singletonIsSwappedUnderLoadAndNoCallFails() throws Exception {
    host.swap(singleton("1.0.0").as(folder.resolve("1.jar")));
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      for (int version = 2; version <= 20; version++) {
        host.swap(singleton(version + ".0.0").as(folder.resolve(version + ".jar")));
        assertThat(greeter.with(Greeter::version)).isEqualTo(version + ".0.0");
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "idle"})
  void whatFailsStartsTheOldOneAgainAndNoCallFails(String trouble) throws Exception {
    host.swap(exclusive("1.0.0").in(folder));
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      for (int attempt = 0; attempt < 3; attempt++) {
        Refusal refusal = refusal(exclusive("2.0.0").header("Test-Trouble", trouble));
        assertThat(refusal).isInstanceOf(Refusal.NotHandedOver.class);
        assertThat(refusal.message())
            .contains(
                trouble.equals("throws") ? "no such device" : "it registers no service",
                "what it replaces was started again and answers",
                "callers were held for",
                "generation 1 (1.0.0) stays current");
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    host.swap(exclusive("3.0.0").in(folder)).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
  }

  @Test
  void singletonThatFailsBringsTheOldBytesBackFromTheStore() throws Exception {
    host.swap(singleton("1.0.0").as(folder.resolve("1.jar")));
    try (Callers callers = new Callers()) {
      callers.start("a", () -> greeter.with(Greeter::version));
      Refusal refusal =
          refusal(
              singleton("2.0.0").header("Test-Trouble", "throws").activator("ExclusiveActivator"));
      assertThat(refusal.message()).contains("no such device", "was started again and answers");
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void rollbackOfASingletonThatFailsBringsTheCurrentBytesBack() throws Exception {
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
            .availability(Duration.ofMillis(200))
            .share(Greeter.class)
            .open()) {
      Handle<Greeter> handle = hurried.handle(Greeter.class);
      hurried.swap(exclusive("1.0.0").in(folder));
      Path second = exclusive("2.0.0").in(folder);
      try (Lease<Greeter> lease = handle.lease()) {
        SwapRefusedException refused =
            catchThrowableOfType(SwapRefusedException.class, () -> hurried.swap(second));
        assertThat(refused)
            .hasMessageContaining("did not end within 100 ms")
            .hasMessageContaining("that was not touched, and answers");
        assertThat(handle.with(Greeter::version)).isEqualTo("1.0.0");
        assertThat(lease.service().version()).isEqualTo("1.0.0");
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
