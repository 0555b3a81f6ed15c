package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.host.HostStartException;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A host that is opened on the data folder of one before it goes on where that one ended. */
@Timeout(120)
class RestartIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private Host host;

  private Host.Builder builder() {
    return Hosts.builder()
        .standby(Duration.ZERO)
        .share(Greeter.class, Clock.class)
        .availability(Duration.ofMillis(50))
        .startLimit(Duration.ofSeconds(2))
        .data(data())
        .listener(events::add);
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void open(Path... plugins) {
    host = builder().plugins(plugins).open();
  }

  private void reopen(Path... plugins) {
    host.close();
    events.clear();
    open(plugins);
  }

  @AfterEach
  void close() {
    if (host != null) {
      host.close();
    }
  }

  private Path greeter(String version) {
    return PluginJar.greeter(version).in(folder);
  }

  private Path moody(String version) {
    return PluginJar.named("greeter", version)
        .activator("MoodyActivator")
        .classes("GreeterActivator", "OpenGreeter", "LateLoaded", "PluginException")
        .header("Test-Mood", mood().toString())
        .in(folder);
  }

  private Path mood() {
    return folder.resolve("mood");
  }

  private String said() {
    return host.handle(Greeter.class).with(Greeter::version);
  }

  private Generation current(String plugin) {
    return host.snapshot().plugin(plugin).orElseThrow().current().orElseThrow();
  }

  private List<SwapEvent.FellBack> fallBacks() {
    return events.stream()
        .filter(SwapEvent.FellBack.class::isInstance)
        .map(SwapEvent.FellBack.class::cast)
        .toList();
  }

  private List<String> stored() throws IOException {
    try (Stream<Path> files = Files.list(data().resolve("store"))) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void whatWasCurrentComesUpUnderItsNumberAndCanBeRolledBack() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.swap(greeter("2.0.0"));
    host.swap(greeter("3.0.0")).awaitReclaimed(LIMIT);

    reopen();

    assertThat(said()).isEqualTo("3.0.0");
    assertThat(current("greeter").number()).isEqualTo(3);
    Receipt receipt = host.receipts().get(0);
    assertThat(receipt.request().asked()).isEqualTo(new Asked("host", "restart"));
    assertThat(receipt.to()).contains(current("greeter"));
    host.rollback("greeter").awaitReclaimed(LIMIT);
    assertThat(said()).isEqualTo("2.0.0");
    assertThat(current("greeter").number()).isEqualTo(4);

    reopen();
    host.rollback("greeter");
    assertThat(said()).isEqualTo("1.0.0");
    assertThat(current("greeter").number()).isEqualTo(5);
  }

  @Test
  void whatWasCurrentComesUpAfterACrashAndNoNumberIsGivenTwice() throws Exception {
    Path one = greeter("1.0.0");
    Path two = greeter("2.0.0");
    try (ChildJvm child =
        ChildJvm.start(OpensAndEnds.class, data().toString(), str(one), str(two))) {
      child.readTo("done");
      child.finish();
    }
    open();

    assertThat(said()).isEqualTo("2.0.0");
    assertThat(current("greeter").number()).isEqualTo(2);
    host.swap(greeter("3.0.0"));
    assertThat(current("greeter").number()).isGreaterThan(2);
    host.rollback("greeter");
    assertThat(said()).isEqualTo("2.0.0");
  }

  private static String str(Path path) {
    return path.toString();
  }

  /**
   * The library came last, and is wired to; the two others use each other's services or packages.
   */
  @Test
  void pluginsComeUpAfterWhatTheyAreWiredTo() {
    open();
    host.swap(LibraryJar.library("base", "1.0.0").in(folder));
    host.swap(LibraryJar.plugin("top", "1.0.0", "base").in(folder));
    host.swap(
        LibraryJar.library("left", "1.0.0", "base").in(folder),
        LibraryJar.plugin("top", "1.1.0", "left").in(folder));
    assertThat(said()).isEqualTo("1.1.0: left 1.0.0 on base 1.0.0");

    reopen();

    assertThat(said()).isEqualTo("1.1.0: left 1.0.0 on base 1.0.0");
    assertThat(fallBacks()).isEmpty();
    host.rollback("top");
    assertThat(said()).isEqualTo("1.0.0: base 1.0.0");
    assertThat(host.snapshot().plugin("left").flatMap(Snapshot.Plugin::current)).isEmpty();
  }

  @Test
  void whatWasUnloadedOrUninstalledStaysAwayAndWhatWasStoppedComesBack() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.unload("greeter").awaitReclaimed(LIMIT);
    reopen();
    assertThat(host.snapshot().plugins()).isEmpty();
    assertThat(stored()).isEmpty();

    host.swap(greeter("2.0.0"));
    bundle("greeter").stop();
    reopen();
    assertThat(said()).isEqualTo("2.0.0");

    bundle("greeter").uninstall();
    reopen();
    assertThat(host.snapshot().plugins()).isEmpty();
  }

  private Bundle bundle(String name) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void pluginThatFailsToStartFallsBackWithAnEventAndAReceipt() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.swap(moody("2.0.0")).awaitReclaimed(LIMIT);
    Generation second = current("greeter");
    Files.writeString(mood(), "throws");

    reopen();

    assertThat(said()).isEqualTo("1.0.0");
    assertThat(current("greeter").number()).isEqualTo(3);
    assertThat(fallBacks())
        .singleElement()
        .satisfies(
            fell -> {
              assertThat(fell.from()).isEqualTo(second);
              assertThat(fell.to()).contains(current("greeter"));
              assertThat(fell.why()).contains("the database is not there");
            });
    assertThat(host.receipts())
        .extracting(Receipt::outcome)
        .containsExactlyInAnyOrder(Receipt.Outcome.REFUSED, Receipt.Outcome.ROLLED_BACK);
    assertThat(host.receipts())
        .extracting(receipt -> receipt.request().asked())
        .containsOnly(new Asked("host", "restart"));

    events.clear();
    reopen();
    assertThat(said()).isEqualTo("1.0.0");
    assertThat(fallBacks()).isEmpty();
  }

  /** Both releases need what is not there any more; the one before them does not. */
  @Test
  void fallBackGoesOnToTheOneBefore() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.swap(moody("2.0.0"));
    host.swap(moody("3.0.0")).awaitReclaimed(LIMIT);
    Files.writeString(mood(), "throws");

    reopen();

    assertThat(said()).isEqualTo("1.0.0");
    assertThat(refusalOf("greeter")).isInstanceOf(Refusal.NoWayBack.class);
  }

  private Refusal refusalOf(String plugin) {
    return catchThrowableOfType(SwapRefusedException.class, () -> host.rollback(plugin)).refusal();
  }

  /** The library is up already when the plugin, which was swapped together with it, fails. */
  @Test
  void whatWasSwappedTogetherFallsBackTogether() throws Exception {
    open();
    host.swap(LibraryJar.library("base", "1.0.0").in(folder), greeter("1.0.0"));
    host.swap(LibraryJar.library("base", "2.0.0").in(folder), moody("2.0.0")).awaitReclaimed(LIMIT);
    Files.writeString(mood(), "throws");

    reopen();

    assertThat(said()).isEqualTo("1.0.0");
    assertThat(current("base").version()).isEqualTo("1.0.0");
  }

  @Test
  void pluginWithNothingToFallBackToIsLeftOutAndTriedAgainTheNextTime() throws Exception {
    open();
    host.swap(moody("1.0.0"));
    host.swap(clock());
    Files.writeString(mood(), "throws");

    reopen();

    assertThat(host.handle(Clock.class).with(Clock::version)).isEqualTo("1.0.0");
    assertThatThrownBy(this::said).isInstanceOf(NoGenerationException.class);
    assertThat(fallBacks()).singleElement().satisfies(fell -> assertThat(fell.to()).isEmpty());
    assertThat(stored()).hasSize(2);

    Files.delete(mood());
    reopen();
    assertThat(said()).isEqualTo("1.0.0");
  }

  private Path clock() {
    return PluginJar.named("clock", "1.0.0").activator("ClockActivator").in(folder);
  }

  @Test
  void generationInWhoseStartTheProcessDiesAgainAndAgainIsNotStartedAnyMore() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.swap(moody("2.0.0")).awaitReclaimed(LIMIT);
    host.close();
    Files.writeString(mood(), "halts");
    for (int i = 0; i < 2; i++) {
      try (ChildJvm child = ChildJvm.start(OpensAndEnds.class, data().toString())) {
        assertThat(child.finish()).isEqualTo(9);
      }
    }
    events.clear();

    open();

    assertThat(said()).isEqualTo("1.0.0");
    assertThat(fallBacks())
        .singleElement()
        .satisfies(fell -> assertThat(fell.why()).contains("the process died in the last starts"));
  }

  @Test
  void fileInWhoseStartTheProcessDiesAgainAndAgainIsLeftAlone() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.close();
    Path deadly = moody("2.0.0");
    Files.writeString(mood(), "halts");
    for (int i = 0; i < 2; i++) {
      try (ChildJvm child = ChildJvm.start(OpensAndEnds.class, data().toString(), str(deadly))) {
        assertThat(child.finish()).isEqualTo(9);
      }
    }

    open(deadly);

    assertThat(said()).isEqualTo("1.0.0");
    assertThat(host.receipts().get(0).refusal().orElseThrow().message())
        .contains("died in the last starts with this file; generation 1 (1.0.0) stays current");
  }

  /** It dies at the drop, and then at each open, before anything says that it was acted on. */
  @Test
  void fileOfTheWatchFolderInWhoseStartTheProcessDiesAgainAndAgainIsRefused() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.close();
    drop(moody("2.0.0"));
    Files.writeString(mood(), "halts");
    dieTwiceWatching();

    host = builder().watch(watched()).open();

    assertThat(said()).isEqualTo("1.0.0");
    assertThat(refusedWith())
        .contains("died in the last starts with this file", "generation 1 (1.0.0) stays current");
    Files.delete(mood());
    drop(moody("2.0.1")); // the same bytes would be refused again
    await().until(() -> said().equals("2.0.1"));
  }

  /** The restart has left it out, so that it looks like one that was never brought up. */
  @Test
  void whatTheRestartLeavesOutIsNotBroughtUpByTheWatchFolder() throws Exception {
    drop(moody("2.0.0"));
    host = builder().watch(watched()).open();
    assertThat(said()).isEqualTo("2.0.0");
    host.close();
    Files.writeString(mood(), "halts");
    dieTwiceWatching();

    host = builder().watch(watched()).open();

    assertThat(host.snapshot().plugin("greeter").flatMap(Snapshot.Plugin::current)).isEmpty();
    assertThat(refusedWith()).contains("died in the last starts with this file", "it is left out");
  }

  private Path watched() {
    return folder.resolve("watch");
  }

  /** Finished, so that it is taken in the first round. */
  private void drop(Path jar) throws IOException {
    Files.createDirectories(watched());
    Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
    Files.move(jar, watched().resolve("greeter.jar"));
  }

  private String refusedWith() throws IOException {
    return Files.readString(watched().resolve(".refused").resolve("greeter.jar.reason.txt"));
  }

  private void dieTwiceWatching() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (ChildJvm child =
          ChildJvm.start(
              List.of("-Ditest.watch=" + watched()), OpensAndEnds.class, data().toString())) {
        assertThat(child.finish()).isEqualTo(9);
      }
    }
    events.clear();
  }

  @Test
  void whatIsLeftOutCanBeUnloaded() throws Exception {
    open();
    host.swap(moody("1.0.0"));
    Files.writeString(mood(), "throws");
    reopen();

    Receipt receipt = host.unload("greeter").awaitReclaimed(LIMIT);

    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.UNLOADED);
    assertThat(receipt.from()).isPresent();
    reopen();
    assertThat(fallBacks()).isEmpty();
    assertThat(stored()).isEmpty();
  }

  @Test
  void crashBetweenTheStartsOfOthersIsNotTheirs() throws Exception {
    open();
    host.swap(clock());
    host.swap(moody("2.0.0")).awaitReclaimed(LIMIT);
    host.close();
    Files.writeString(mood(), "halts");
    for (int i = 0; i < 3; i++) {
      try (ChildJvm child = ChildJvm.start(OpensAndEnds.class, data().toString())) {
        child.finish();
      }
    }
    Files.delete(mood());

    open();

    assertThat(host.handle(Clock.class).with(Clock::version)).isEqualTo("1.0.0");
    assertThat(fallBacks()).extracting(SwapEvent.FellBack::plugin).containsExactly("greeter");
  }

  @Test
  void fileThatTheHostIsOpenedWithCountsOnlyIfItIsNew() {
    Path one = greeter("1.0.0");
    Path three = greeter("3.0.0");
    open(one);
    host.swap(greeter("2.0.0"));

    reopen(one);
    assertThat(said()).as("swapped in since").isEqualTo("2.0.0");

    reopen(three);
    assertThat(said()).as("a new release").isEqualTo("3.0.0");

    host.rollback("greeter");
    reopen(three);
    assertThat(said()).as("rolled back since").isEqualTo("2.0.0");

    host.unload("greeter");
    reopen(three);
    assertThat(host.snapshot().plugins()).as("unloaded since").isEmpty();
  }

  @Test
  void bytesThatAreNotWhatTheyShouldBeAreNotRun() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.swap(greeter("2.0.0")).awaitReclaimed(LIMIT);
    Path bytes = data().resolve("store").resolve(current("greeter").sha256() + ".jar");
    host.close();
    Files.write(bytes, PluginJar.greeter("6.6.6").bytes());
    events.clear();

    open();

    assertThat(said()).isEqualTo("1.0.0");
    assertThat(fallBacks())
        .singleElement()
        .satisfies(fell -> assertThat(fell.why()).contains("are gone or damaged"));
    host.swap(greeter("2.0.0"));
    assertThat(said()).isEqualTo("2.0.0");
  }

  @Test
  void tornTailOfTheJournalIsCut() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.close();
    Files.writeString(journal(), "0badc0de swapped greeter#1", StandardOpenOption.APPEND);

    try (LogLines log = LogLines.of("dev.hotswap.core.Journal")) {
      open();
      assertThat(log.lines()).containsExactly("event=journal-cut file=" + journal() + " bytes=26");
    }

    assertThat(said()).isEqualTo("1.0.0");
    assertThat(journal()).content().doesNotContain("0badc0de");
  }

  private Path journal() {
    return data().resolve("journal");
  }

  @Test
  void damagedJournalStopsTheStartAndIsNotTouched() throws Exception {
    open();
    host.swap(greeter("1.0.0"));
    host.close();
    host = null;
    String damaged = Files.readString(journal()).replaceFirst("numbers greeter", "numbers greater");
    Files.writeString(journal(), damaged);
    List<String> stored = stored();

    assertThatThrownBy(() -> builder().open())
        .isInstanceOf(HostStartException.class)
        .hasMessageContainingAll(
            journal().toString(), "is damaged in line 2", "nothing overwritten", "move it away");

    assertThat(journal()).hasContent(damaged);
    assertThat(stored()).isEqualTo(stored);
    Files.delete(journal());
    open();
    assertThat(host.snapshot().plugins()).isEmpty();
  }

  @Test
  void hostWithoutADataFolderRemembersNothing() throws BundleException {
    host = Hosts.builder().share(Greeter.class).open();
    host.swap(greeter("1.0.0"));
    Path cache = Path.of(host.bundleContext().getProperty("org.osgi.framework.storage"));

    assertThat(cache.resolveSibling("journal")).doesNotExist();
  }
}
