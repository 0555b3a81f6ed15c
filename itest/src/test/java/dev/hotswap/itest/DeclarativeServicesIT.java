package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/**
 * Plugins whose services Declarative Services makes. Nobody gets an exception when a component does
 * not come up: a swap that believed the bundle's start would unload the old release for nothing.
 */
@Timeout(60)
class DeclarativeServicesIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SWAPS = 50;

  @TempDir Path folder;
  private Host host;
  private Handle<Greeter> greeter;

  @BeforeEach
  void open() {
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .base(RealBundles.scr())
            .startLimit(Duration.ofSeconds(2))
            .open();
    greeter = host.handle(Greeter.class);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void componentsAreSwappedUnderLoadAndCollected() throws Exception {
    Loaders loaders = new Loaders();
    List<Swap> swaps = new ArrayList<>();
    host.swap(component("1.0.0"));
    greeter.use(loaders::add);
    try (Callers callers = new Callers()) {
      callers.start("with", () -> greeter.with(Greeter::version));
      for (int build = 1; build <= SWAPS; build++) {
        swaps.add(host.swap(component("1.0." + build)));
        assertThat(greeter.with(Greeter::version)).isEqualTo("1.0." + build);
        greeter.use(loaders::add);
      }
      for (Swap swap : swaps) {
        assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(loaders.seen()).isEqualTo(1 + SWAPS);
    await().atMost(LIMIT).until(() -> loaders.live() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "immediate='true'"})
  void componentThatDoesNotActivateIsRefusedAndTheOldOneGoesOn(String kind) throws Exception {
    host.swap(component(greeter("1.0.0"), kind, ""));
    Refusal refusal = refused(component(failing("2.0.0"), kind, ""));
    assertThat(refusal).isInstanceOf(Refusal.NoContractService.class);
    assertThat(refusal.message())
        .contains("refused greeter 2.0.0", "no service of " + Greeter.class.getName())
        .contains("generation 1 (1.0.0) stays current");
    goesOnAndStaysSwappable();
  }

  @Test
  void componentWithAnUnsatisfiedReferenceIsRefusedAndTheOldOneGoesOn() throws Exception {
    host.swap(component("1.0.0"));
    String reference =
        "<reference name='clock' interface='dev.hotswap.itest.contract.Clock'"
            + " cardinality='1..1' target='(kind=fast)'/>";
    Refusal refusal = refused(component(greeter("2.0.0"), "", reference));
    assertThat(refusal).isInstanceOf(Refusal.NoContractService.class);
    assertThat(refusal.message())
        .contains("refused greeter 2.0.0", "waited 2000 ms for it")
        .contains(
            "component greeter: nothing satisfies the reference clock to"
                + " dev.hotswap.itest.contract.Clock with target (kind=fast)")
        .contains("generation 1 (1.0.0) stays current");
    goesOnAndStaysSwappable();
  }

  private void goesOnAndStaysSwappable() throws Exception {
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(host.bundleContext().getBundles())
        .filteredOn(bundle -> "greeter".equals(bundle.getSymbolicName()))
        .singleElement()
        .extracting(Bundle::getState)
        .isEqualTo(Bundle.ACTIVE);
    host.swap(component("3.0.0")).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
  }

  private Refusal refused(Path jar) {
    SwapRefusedException thrown =
        catchThrowableOfType(SwapRefusedException.class, () -> host.swap(jar));
    assertThat(thrown).as("the swap was not refused").isNotNull();
    return thrown.refusal();
  }

  private static PluginJar greeter(String version) {
    return PluginJar.named("greeter", version)
        .classes("ComponentGreeter", "OpenGreeter", "LateLoaded", "PluginException")
        .header("Service-Component", "OSGI-INF/greeter.xml")
        .header("Require-Capability", "osgi.extender;filter:=\"(osgi.extender=osgi.component)\"");
  }

  private static PluginJar failing(String version) {
    return greeter(version).header("Test-Fails", "yes");
  }

  private Path component(String version) {
    return component(greeter(version), "", "");
  }

  private Path component(PluginJar jar, String attributes, String reference) {
    return jar.text("OSGI-INF/greeter.xml", xml(attributes, reference)).in(folder);
  }

  private static String xml(String attributes, String reference) {
    return """
        <scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0' name='greeter' %s
            activate='activate' deactivate='deactivate'>
          <implementation class='dev.hotswap.itest.plugins.ComponentGreeter'/>
          <service><provide interface='%s'/></service>
          %s
        </scr:component>
        """
        .formatted(attributes, Greeter.class.getName(), reference);
  }
}
