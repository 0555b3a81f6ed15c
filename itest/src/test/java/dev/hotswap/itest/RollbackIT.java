package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** The way back: from standby, and from the content store. */
@Timeout(60)
class RollbackIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private Host host;
  private Handle<Greeter> greeter;

  private void open(Duration standby) {
    host = Hosts.builder().share(Greeter.class).standby(standby).open();
    greeter = host.handle(Greeter.class);
  }

  @AfterEach
  void close() {
    host.close();
    List.of("test.permit", "test.greeter", "test.stopped").forEach(System.getProperties()::remove);
  }

  @Test
  void generationBeforeStandsByAndIsStartedAgainUnderANewNumber() throws Exception {
    open(Duration.ofMinutes(10));
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    assertThat(stages()).containsExactly(Stage.STANDBY, Stage.CURRENT);
    long bundle = bundleOf("1.0.0").getBundleId();

    Swap back = host.rollback("greeter");

    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(back.receipt().outcome()).isEqualTo(Receipt.Outcome.ROLLED_BACK);
    assertThat(back.receipt().to().orElseThrow().number()).isEqualTo(3);
    assertThat(bundleOf("1.0.0").getBundleId()).isEqualTo(bundle); // the same bundle, started
    back.awaitReclaimed(LIMIT);
    assertThat(stages()).as("no rollback goes to 2.0.0").containsExactly(Stage.CURRENT);
  }

  @Test
  void withoutStandbyTheOldBytesComeBackFromTheStore() throws Exception {
    open(Duration.ZERO);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);

    host.rollback("greeter").awaitReclaimed(LIMIT);

    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(stages()).containsExactly(Stage.CURRENT);
  }

  @Test
  void onceMoreGoesOneFurtherBack() throws Exception {
    open(Duration.ofMinutes(10));
    for (String version : List.of("1.0.0", "2.0.0", "3.0.0")) {
      host.swap(PluginJar.greeter(version).in(folder)).awaitReclaimed(LIMIT);
    }
    host.rollback("greeter").awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");

    host.rollback("greeter").awaitReclaimed(LIMIT);

    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(refusal("greeter").message())
        .contains("it was new with its last swap", "generation 5 (1.0.0) stays current");
  }

  @Test
  void generationIsReclaimedWhenItsStandbyIsOver() throws Exception {
    open(Duration.ofMillis(50));
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    host.swap(PluginJar.greeter("2.0.0").in(folder));

    await().atMost(LIMIT).until(() -> stages().equals(List.of(Stage.CURRENT)));

    host.rollback("greeter");
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void onlyTheLastGenerationStandsBy() throws Exception {
    open(Duration.ofMinutes(10));
    for (String version : List.of("1.0.0", "2.0.0", "3.0.0")) {
      host.swap(PluginJar.greeter(version).in(folder)).awaitReclaimed(LIMIT);
    }
    assertThat(stages()).containsExactly(Stage.STANDBY, Stage.CURRENT);
    assertThat(host.bundleContext().getBundles())
        .extracting(Bundle::getSymbolicName)
        .filteredOn("greeter"::equals)
        .hasSize(2);
  }

  @Test
  void nothingToGoBackToIsSaid() {
    open(Duration.ofMinutes(10));
    assertThat(refusal("greeter")).isInstanceOf(Refusal.UnknownPlugin.class);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    assertThat(refusal("greeter")).isInstanceOf(Refusal.NoWayBack.class);
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void standbyThatSomebodyUninstalledComesBackFromTheStore() throws Exception {
    open(Duration.ofMinutes(10));
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    bundleOf("1.0.0").uninstall(); // behind the host's back: the store has its bytes

    host.rollback("greeter");

    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void standbyThatDoesNotStartAgainIsRefusedAndTheCurrentOneStays() throws Exception {
    open(Duration.ofMinutes(10));
    Semaphore permit = new Semaphore(1);
    System.getProperties().put("test.permit", permit);
    host.swap(
        PluginJar.greeter("1.0.0")
            .activator("ExclusiveActivator")
            .classes("GreeterActivator")
            .in(folder));
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
    permit.acquire(); // somebody else has what 1.0.0 needs

    assertThat(refusal("greeter"))
        .isInstanceOf(Refusal.StartFailed.class)
        .extracting(Refusal::message)
        .asString()
        .contains("the port is in use", "generation 2 (2.0.0) stays current");
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");

    permit.release();
    host.rollback("greeter"); // the way back is not forgotten
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void standbyThatSomebodyUpdatedIsNotWhatWasSwappedIn() throws Exception {
    open(Duration.ofMinutes(10));
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    bundleOf("1.0.0").update(new ByteArrayInputStream(PluginJar.greeter("1.5.0").bytes()));
    host.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);

    host.rollback("greeter").awaitReclaimed(LIMIT);

    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(stages()).containsExactly(Stage.CURRENT);
  }

  /** Also by a host that has only the journal and the bytes. */
  @Test
  void rollbackToAnEarlierGenerationSurvivesARestart() throws Exception {
    Host.Builder builder = Hosts.builder().share(Greeter.class).data(folder.resolve("data"));
    host = builder.open();
    for (String version : List.of("1.0.0", "2.0.0", "3.0.0", "4.0.0")) {
      host.swap(PluginJar.greeter(version).in(folder)).awaitReclaimed(LIMIT);
    }
    host.close();
    host = builder.open();
    greeter = host.handle(Greeter.class);
    assertThat(wayBack()).containsExactly(3L, 2L, 1L);

    Receipt receipt = host.rollback(new Asked("ana", "slow"), "greeter", 2).receipt();

    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.ROLLED_BACK);
    assertThat(receipt.from().orElseThrow().number()).isEqualTo(4);
    assertThat(receipt.to().orElseThrow().number()).isEqualTo(5);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    host.close();
    host = builder.open();
    greeter = host.handle(Greeter.class);
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(wayBack()).containsExactly(1L);
    assertThat(
            catchThrowableOfType(
                SwapRefusedException.class,
                () -> host.rollback(new Asked("ana", ""), "greeter", 3)))
        .hasMessageContaining("no way back to generation 3")
        .hasMessageContaining("It can go back to generation 1 (1.0.0)");
  }

  private List<Long> wayBack() {
    return host.wayBack("greeter").stream().map(Generation::number).toList();
  }

  /** The library comes back to what it was then, and what was new with the second set goes. */
  @Test
  void setsOfSeveralSwapsGoBackInOnePublish() throws Exception {
    open(Duration.ofMinutes(10));
    host.swap(
        LibraryJar.library("base", "1.0.0").in(folder),
        LibraryJar.plugin("greeter", "1.0.0", "base").in(folder));
    host.swap(
        LibraryJar.library("base", "2.0.0").in(folder),
        LibraryJar.library("left", "1.0.0", "base").in(folder),
        LibraryJar.plugin("greeter", "2.0.0", "left").in(folder));
    host.swap(LibraryJar.plugin("greeter", "3.0.0", "left").in(folder)).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0: left 1.0.0 on base 2.0.0");

    host.rollback(new Asked("ana", ""), "greeter", 1).awaitReclaimed(LIMIT);

    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0: base 1.0.0");
    assertThat(host.snapshot().plugin("left").flatMap(Snapshot.Plugin::current)).isEmpty();
    assertThat(host.wayBack("greeter")).isEmpty();
  }

  private Refusal refusal(String plugin) {
    return catchThrowableOfType(SwapRefusedException.class, () -> host.rollback(plugin)).refusal();
  }

  private Bundle bundleOf(String version) {
    for (Bundle bundle : host.bundleContext().getBundles()) {
      if (bundle.getSymbolicName().equals("greeter")
          && bundle.getVersion().toString().equals(version)) {
        return bundle;
      }
    }
    throw new AssertionError("no greeter " + version);
  }

  private List<Stage> stages() {
    return host.snapshot().plugin("greeter").orElseThrow().generations().stream()
        .map(live -> live.stage())
        .toList();
  }
}
