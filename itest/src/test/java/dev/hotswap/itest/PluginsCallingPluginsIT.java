package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Swap;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Desk;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/**
 * A desk uses the greeter of another plugin, which uses the clock of a third. All are components,
 * the first with a static reference, the second with a dynamic one.
 */
@Timeout(60)
class PluginsCallingPluginsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SWAPS = 50;

  @TempDir Path folder;
  private Host host;
  private Handle<Desk> desk;

  @BeforeEach
  void open() {
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Desk.class, Greeter.class, Clock.class)
            .base(RealBundles.scr())
            .startLimit(Duration.ofSeconds(5))
            .availability(Duration.ofMillis(50))
            .open();
    desk = host.handle(Desk.class);
  }

  @AfterEach
  void close() {
    host.close();
  }

  private void deployChain() {
    host.swap(clock("1.0.0"));
    host.swap(greeter("1.0.0"));
    host.swap(desk("1.0.0"));
  }

  @Test
  void chainAnswersWithoutAFailureOrAnEventUnderAStormOfSwaps() throws Exception {
    deployChain();
    Loaders loaders = new Loaders();
    List<Swap> swaps = new ArrayList<>();
    try (Callers callers = new Callers()) {
      for (String how : List.of("reference", "tracker", "kept")) {
        callers.start(how, () -> desk.with(d -> d.greet(how)));
      }
      for (int build = 1; build <= SWAPS; build++) {
        awaitMoreCalls(callers);
        swaps.add(host.swap(clock("1.0." + build)));
        assertThat(said("kept")).endsWith(" at 1.0." + build + " late");
        swaps.add(host.swap(greeter("1.0." + build)));
        assertThat(said("kept")).isEqualTo("1.0." + build + " late at 1.0." + build + " late");
        host.handle(Clock.class).use(loaders::add);
        host.handle(Greeter.class).use(loaders::add);
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(desk.with(Desk::activations)).isEqualTo(1);
    assertThat(desk.with(Desk::events)).isEmpty();
    for (Swap swap : swaps) {
      assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
    }
    assertThat(loaders.seen()).isEqualTo(2 * SWAPS);
    await().atMost(LIMIT).until(() -> loaders.live() == 2);
  }

  private static void awaitMoreCalls(Callers callers) {
    long enough = callers.calls() + 100;
    await()
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> callers.calls() >= enough || !callers.failures().isEmpty());
  }

  @Test
  void consumerIsItselfSwappedWhileItUsesAnother() throws Exception {
    deployChain();
    host.swap(desk("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(said("reference")).isEqualTo("1.0.0 late at 1.0.0 late");
    assertThat(desk.with(Desk::activations)).isEqualTo(1); // of the new generation
  }

  @Test
  void exceptionOfTheUsedPluginPassesThroughUnwrapped() {
    deployChain();
    assertThatThrownBy(() -> said("fail"))
        .hasMessage("failed in 1.0.0")
        .extracting(thrown -> thrown.getClass().getSimpleName())
        .isEqualTo("PluginException");
  }

  @Test
  void consumerWithoutAProviderIsRefused() {
    host.swap(clock("1.0.0"));
    assertThatThrownBy(() -> host.swap(desk("1.0.0"))).hasMessageContaining("refused desk 1.0.0");
  }

  /** Before anything provides what they need. */
  @Test
  void consumersComeUpTogetherWithTheirFirstProviders() throws Exception {
    host.swap(desk("1.0.0"), greeter("1.0.0"), clock("1.0.0"));
    for (String how : List.of("reference", "tracker", "kept")) {
      assertThat(said(how)).isEqualTo("1.0.0 late at 1.0.0 late");
    }
    host.swap(clock("2.0.0")).awaitReclaimed(LIMIT);
    host.swap(greeter("2.0.0")).awaitReclaimed(LIMIT);
    for (String how : List.of("reference", "tracker", "kept")) {
      assertThat(said(how)).isEqualTo("2.0.0 late at 2.0.0 late");
    }
    assertThat(desk.with(Desk::activations)).isEqualTo(1);
    assertThat(desk.with(Desk::events)).isEmpty(); // neither at the publish nor at a swap
    host.unload("clock");
    assertThatThrownBy(() -> said("reference")).isInstanceOf(NoGenerationException.class);
    host.swap(clock("3.0.0"));
    assertThat(said("kept")).isEqualTo("2.0.0 late at 3.0.0 late");
    host.swap(desk("2.0.0"), greeter("3.0.0"), clock("4.0.0"));
    assertThat(said("tracker")).isEqualTo("3.0.0 late at 4.0.0 late");
  }

  /** Nobody else is answered by it; its callers are counted like all others. */
  @Test
  void callFromAnActivatorIsAnsweredByTheProviderThatIsStagedWithIt() throws Exception {
    Path caller = caller().in(folder);
    assertThatThrownBy(() -> host.swap(caller)).hasMessageContaining("there is no clock");
    assertThatThrownBy(() -> host.swap(caller, clock("1.0.0"))).hasMessageContaining("no clock");
    StagedSet set = host.stage(clock("1.0.0"), caller);
    assertThatThrownBy(() -> host.handle(Clock.class).with(Clock::version))
        .isInstanceOf(NoGenerationException.class);
    set.publish();
    assertThat(host.handle(Greeter.class).with(Greeter::version))
        .isEqualTo("started at 1.0.0 late");
    Retirement left = host.unload("clock").awaitReclaimed(LIMIT).retirement().orElseThrow();
    assertThat(left.calls()).isEqualTo(new Calls(2, 2, 0)); // the activator's, and the probe
  }

  /**
   * By what the manifests say, it is brought up after its provider, in whatever order asked for.
   */
  @Test
  void activatorThatRequiresTheServiceComesAfterItsProvider() throws Exception {
    Path caller =
        caller()
            .header(
                "Require-Capability",
                "osgi.service;filter:=\"(objectClass="
                    + Clock.class.getName()
                    + ")\";effective:=active")
            .in(folder);
    Path clock =
        PluginJar.named("clock", "1.0.0")
            .component("ComponentClock", Clock.class.getName(), "")
            .classes("LateLoaded")
            .header(
                "Provide-Capability",
                "osgi.service;objectClass:List<String>=\""
                    + Clock.class.getName()
                    + "\";effective:=active")
            .in(folder);
    host.swap(caller, clock);
    assertThat(host.handle(Greeter.class).with(Greeter::version))
        .isEqualTo("started at 1.0.0 late");
  }

  private static PluginJar caller() {
    return PluginJar.named("caller", "1.0.0")
        .activator("CallingActivator")
        .classes("OpenGreeter", "LateLoaded", "PluginException");
  }

  /** From the clock's end of the chain on, each says its farewell to one that still answers. */
  @ParameterizedTest
  @ValueSource(strings = {"unload", "stop"})
  void consumersEndWhileWhatTheyUseStillAnswersAndBeginAgainWithIt(String how) throws Exception {
    deployChain();
    if (how.equals("unload")) {
      host.unload("clock");
    } else {
      bundle("clock").stop();
    }
    assertThatThrownBy(() -> said("reference")).isInstanceOf(NoGenerationException.class);
    assertThatThrownBy(() -> host.handle(Greeter.class).with(Greeter::version))
        .isInstanceOf(NoGenerationException.class);
    host.swap(clock("2.0.0"));
    assertThat(said("reference")).isEqualTo("1.0.0 late at 2.0.0 late");
    assertThat(desk.with(Desk::activations)).isEqualTo(2);
    assertThat(desk.with(Desk::farewells)).containsExactly("1.0.0 late at 1.0.0 late");
  }

  private Bundle bundle(String name) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(candidate -> name.equals(candidate.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  private String said(String how) throws Exception {
    return desk.with(d -> d.greet(how));
  }

  private Path clock(String version) {
    return PluginJar.named("clock", version)
        .component("ComponentClock", Clock.class.getName(), "")
        .classes("LateLoaded")
        .in(folder);
  }

  private Path greeter(String version) {
    return PluginJar.named("greeter", version)
        .component(
            "ClockedGreeter", Greeter.class.getName(), dynamic(reference("Clock", Clock.class)))
        .classes("ComponentGreeter", "OpenGreeter", "LateLoaded", "PluginException")
        .in(folder);
  }

  private Path desk(String version) {
    return PluginJar.named("desk", version)
        .header(
            "Import-Package", "org.osgi.framework,org.osgi.util.tracker,dev.hotswap.itest.contract")
        .component("DeskComponent", Desk.class.getName(), reference("Greeter", Greeter.class))
        .in(folder);
  }

  private static String dynamic(String reference) {
    return reference.replace("/>", " policy='dynamic' policy-option='greedy'/>");
  }

  private static String reference(String name, Class<?> contract) {
    return "<reference name='%1$s' interface='%2$s' bind='set%1$s' unbind='unset%1$s'/>"
        .formatted(name, contract.getName());
  }
}
