package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.host.HostStartException;
import dev.hotswap.itest.contract.Greeter;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A contract that the application does not have: it comes from a bundle that is never swapped. */
@Timeout(60)
class ContractBundleIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private Host host;
  private Class<?> contract;

  @BeforeEach
  void open() {
    Path contracts = contracts("1.2.0").in(folder);
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .base(contracts)
            .availability(Duration.ofMillis(50))
            .open();
    contract = host.contract(Greeter.class.getName());
  }

  private static Object answer(Handle<?> handle, Method method) throws Exception {
    return handle.<Object, Exception>with(service -> method.invoke(service));
  }

  private static PluginJar contracts(String version) {
    return PluginJar.named("contracts", version)
        .without("Import-Package")
        .header("Export-Package", "dev.hotswap.itest.contract;version=\"1.2.0\"")
        .type(Greeter.class.getName());
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void pluginOfTheBundlesContractIsCalledAcrossASwap() throws Exception {
    assertThat(contract).isNotSameAs(Greeter.class).hasToString(Greeter.class.toString());
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Handle<?> handle = host.handle(contract);
    Method version = contract.getMethod("version");
    Object kept = handle.proxy();
    assertThat(Proxy.isProxyClass(kept.getClass())).as("called by reflection").isFalse();
    assertThat(answer(handle, version)).isEqualTo("1.0.0");
    assertThat(version.invoke(kept)).isEqualTo("1.0.0");
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    assertThat(answer(handle, version)).isEqualTo("2.0.0");
    assertThat(version.invoke(kept)).isEqualTo("2.0.0");
  }

  @Test
  void bundleThatImportsTheContractSeesTheStandIn() throws Exception {
    Path importer = PluginJar.named("importer", "1.0.0").in(folder);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Bundle bundle = host.bundleContext().installBundle(importer.toUri().toString());
    bundle.start();
    BundleContext context = bundle.getBundleContext();
    ServiceReference<?> standIn = context.getServiceReference(contract.getName());
    assertThat(standIn).isNotNull();
    assertThat(context.getService(standIn)).isSameAs(host.handle(contract).proxy());
  }

  @Test
  void pluginsToBeginWithMayProvideTheBundlesContract() {
    Path plugin = PluginJar.greeter("1.0.0").in(folder);
    Path base = folder.resolve("contracts-1.2.0.jar");
    String name = Greeter.class.getName();
    try (Host other =
        Hosts.builder().standby(Duration.ZERO).base(base).contracts(name).plugins(plugin).open()) {
      assertThat(other.snapshot().plugin("greeter")).isPresent();
    }
    assertThatThrownBy(
            () ->
                Hosts.builder()
                    .standby(Duration.ZERO)
                    .base(base)
                    .contracts("com.acme.Absent")
                    .open())
        .isInstanceOf(HostStartException.class)
        .hasMessageContaining("no base bundle has a class com.acme.Absent");
  }

  @Test
  void hostThatKnowsNoContractSaysSo() {
    Path plugin = PluginJar.named("idle", "1.0.0").without("Import-Package").in(folder);
    try (Host bare =
        Hosts.builder().standby(Duration.ZERO).startLimit(Duration.ofSeconds(1)).open()) {
      assertThatThrownBy(() -> bare.swap(plugin))
          .hasMessageContaining("it registers no service, and the host knows no contract");
    }
  }

  @Test
  void contractOfTheSameNameFromElsewhereIsNotThisHosts() {
    assertThatThrownBy(() -> host.handle(Greeter.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("is not shared", "or deploy its package in a base bundle");
  }

  @Test
  void contractThatNoBaseBundleHasIsNamed() {
    assertThatThrownBy(() -> host.contract("com.acme.Absent"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no base bundle of this host has a class com.acme.Absent");
  }

  @Test
  void jarWithTheNameOfABaseBundleIsRefused() {
    Path jar = contracts("1.3.0").in(folder);
    SwapRefusedException thrown =
        catchThrowableOfType(SwapRefusedException.class, () -> host.swap(jar));
    assertThat(thrown.refusal()).isInstanceOf(Refusal.NotSwappable.class);
    assertThat(thrown)
        .hasMessageContainingAll(
            "refused contracts 1.3.0", "1.2.0, was deployed at start", "restarting the host");
    assertThat(host.snapshot().plugins()).isEmpty();
    assertThat(host.bundleContext().getBundles())
        .filteredOn(bundle -> "contracts".equals(bundle.getSymbolicName()))
        .singleElement()
        .satisfies(bundle -> assertThat(bundle.getVersion()).hasToString("1.2.0"));
  }
}
