package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.SwapOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The journal says what is current, in whichever way that came about. */
@Timeout(30)
class RecordedTest {
  @TempDir Path folder;
  private final FaultyDisk disk = new FaultyDisk(0, FaultyDisk.Fault.ONCE);
  private FakeHost host;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(folder.resolve("store"));
    host = FakeHost.on(folder, disk);
  }

  @AfterEach
  void close() {
    host.close();
  }

  private List<String> recorded() throws IOException {
    Path copy =
        Files.copy(
            folder.resolve("journal"),
            Files.createTempFile(folder, "copy", ""),
            StandardCopyOption.REPLACE_EXISTING);
    return Journal.open(copy, Disk.PASSING).state().current().values().stream()
        .map(Generation::id)
        .toList();
  }

  /**
   * What a crash finds must be whole: each step is on the disk before the next one counts on it.
   */
  @Test
  void bytesThenFolderThenEntryAreForcedBeforeThePublish() {
    host.swapper.swap(host.jar("p", "1"));
    disk.steps.clear();
    host.swapper.subscribe(event -> disk.steps.add(event.getClass().getSimpleName()));

    host.swapper.swap(host.jar("p", "2"));

    String sha256 =
        host.swapper.snapshot().plugin("p").orElseThrow().current().orElseThrow().sha256();
    assertThat(disk.steps)
        .containsSubsequence(
            "rename " + sha256 + ".jar",
            "force " + sha256 + ".jar",
            "force store",
            "Staged",
            "append journal",
            "write journal",
            "force journal",
            "Published");
  }

  @Test
  void publishOfAStagedSetWaitsForItsEntryOnly() {
    host.swapper.swap(host.jar("p", "1"));
    StagedSet staged = host.swapper.stage(host.jar("p", "2"));
    disk.steps.clear();
    host.swapper.subscribe(event -> disk.steps.add(event.getClass().getSimpleName()));

    staged.publish();

    assertThat(disk.steps)
        .startsWith("append journal", "write journal", "force journal", "Published");
  }

  /** Both take a while, and neither needs the other. */
  @Test
  void bytesAreForcedWhileThePluginStarts() {
    host.swapper.swap(host.jar("p", "1"));
    disk.steps.clear();
    Consumer<LiveGeneration> start = host.start;
    host.start =
        generation -> {
          await().until(() -> disk.steps.contains("force store"));
          start.accept(generation);
        };

    host.swapper.swap(host.jar("p", "2"));

    assertThat(host.name()).isEqualTo("p#2");
  }

  @Test
  void setWhoseBytesCannotBeKeptIsNotStaged() {
    host.swapper.swap(host.jar("p", "1"));
    failAt(Step.START); // the next that is written is the force of its bytes

    Refusal refusal = host.refusalOf(() -> host.swapper.stage(host.jar("p", "2")));

    assertThat(refusal).isInstanceOf(Refusal.NotRecorded.class);
    assertThat(host.swapper.snapshot().plugin("p").orElseThrow().generations())
        .extracting(Snapshot.Live::stage)
        .containsExactly(Stage.CURRENT);
  }

  /** The disk is what whoever asked can do something about. */
  @Test
  void setThatDoesNotStartEitherIsRefusedForItsBytes() {
    host.swapper.swap(host.jar("p", "1"));
    failAt(Step.START);
    host.start =
        generation -> {
          throw new IllegalStateException("no such device");
        };

    Refusal refusal = host.refusalOf(() -> host.swapper.swap(host.jar("p", "2")));

    assertThat(refusal).isInstanceOf(Refusal.NotRecorded.class);
    assertThat(host.name()).isEqualTo("p#1");
    assertThat(host.stages("p")).containsExactly(Stage.CURRENT);
  }

  /** Its thread takes it away, once it leaves the activator. */
  @Test
  void setThatHangsInItsStartIsRefusedForItsBytesAndTakesItselfAway() throws IOException {
    host.close();
    host = FakeHost.on(folder, disk, Duration.ofMillis(100));
    host.swapper.swap(host.jar("p", "1"));
    failAt(Step.START);
    CountDownLatch release = new CountDownLatch(1);
    Consumer<LiveGeneration> start = host.start;
    host.start =
        generation -> {
          Uninterrupted.run(release::await);
          start.accept(generation);
        };

    Refusal refusal = host.refusalOf(() -> host.swapper.swap(host.jar("p", "2")));

    assertThat(refusal).isInstanceOf(Refusal.NotRecorded.class);
    assertThat(host.name()).isEqualTo("p#1");
    release.countDown();
    await().untilAsserted(() -> assertThat(host.stages("p")).containsExactly(Stage.CURRENT));
  }

  /** None of its set starts beside what it replaces, so nothing is waited for meanwhile. */
  @Test
  void setThatIsStartedOneAfterTheOtherIsRefusedForItsBytesBeforeAnybodyIsHeld() {
    host.swapper.swap(host.jar("p", "1"));
    failAt(Step.START);

    Refusal refusal =
        host.refusalOf(
            () -> host.swapper.swap(SwapOptions.NONE.withInPlace(true), host.jar("p", "2")));

    assertThat(refusal).isInstanceOf(Refusal.NotRecorded.class);
    assertThat(host.name()).isEqualTo("p#1");
    assertThat(host.started).hasSize(1);
    assertThat(host.stages("p")).containsExactly(Stage.CURRENT);
  }

  @Test
  void interruptOfTheAskerWhileItsBytesAreForcedGivesTheSwapUp() {
    host.swapper.swap(host.jar("p", "1"));
    disk.atForce(Thread.currentThread()::interrupt);

    Refusal refusal = host.refusalOf(() -> host.swapper.swap(host.jar("p", "2")));

    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    assertThat(refusal.message()).contains("interrupted before it was published");
    assertThat(host.name()).isEqualTo("p#1");
    // the start under way is not waited for any more: its thread takes it away
    await().untilAsserted(() -> assertThat(host.stages("p")).containsExactly(Stage.CURRENT));
  }

  private void failAt(Step step) {
    host.swapper.subscribe(
        new SwapListener() {
          @Override
          public void on(SwapEvent event) {
            // only steps count
          }

          @Override
          public void entered(Step entered) {
            if (entered == step) {
              disk.failNext();
            }
          }
        });
  }

  @Test
  void fileThatIsRefusedBeforeItStartsWaitsForNoDisk() {
    host.swapper.swap(host.jar("p", "1"));
    disk.steps.clear();

    Refusal refusal =
        host.refusalOf(() -> host.swapper.swap(host.jar("p", "2"), host.jar("p", "3")));

    assertThat(refusal).isInstanceOf(Refusal.ClaimedTwice.class);

    assertThat(disk.steps).noneMatch(step -> step.startsWith("force"));
  }

  @Test
  void whatIsSentBackIsTakenBack() throws IOException {
    host.swapper.swap(host.jar("p", "1"), host.jar("q", "1"));
    host.installer.definedBy = Optional.of(new Generation("p", 1, "1", "x"));

    Refusal refusal =
        host.refusalOf(() -> host.swapper.swap(host.jar("p", "2"), host.jar("q", "2")));

    assertThat(refusal).isInstanceOf(Refusal.NotAnswering.class);
    assertThat(recorded()).containsExactly("p#1", "q#1");
  }

  private Asked asked(String plugin) {
    return host.swapper.snapshot().plugin(plugin).orElseThrow().generations().stream()
        .filter(live -> live.stage() == Stage.CURRENT)
        .flatMap(live -> live.asked().stream())
        .findFirst()
        .orElseThrow();
  }

  private void reopen() throws IOException {
    host.close();
    host = FakeHost.on(folder, disk);
  }

  @Test
  void whoAskedForItIsRememberedOverRestarts() throws IOException {
    Asked drop = new Asked("watch", "p.jar dropped in /srv/watch");
    Asked ana = new Asked("ana", "it is slow");
    host.swapper.swap(drop, host.jar("p", "1"));
    host.swapper.swap(new Asked("bo", ""), host.jar("q", "1"));
    for (int i = 0; i < 2; i++) { // the second time from a journal that was written anew
      reopen();
      assertThat(asked("p")).isEqualTo(drop);
      assertThat(asked("q")).isEqualTo(new Asked("bo", ""));
    }
    host.swapper.swap(host.jar("p", "2"));
    host.swapper.rollback(ana, "p");
    assertThat(asked("p")).isEqualTo(ana);

    reopen();

    assertThat(asked("p")).isEqualTo(ana);
  }

  /**
   * Whoever opens a host may be interrupted meanwhile; what should run is not left out for that.
   */
  @Test
  void interruptLeavesARestartAlone() throws IOException {
    host.swapper.swap(host.jar("p", "1"));
    host.close();
    Thread opener = Thread.currentThread();
    host =
        FakeHost.on(
            folder,
            disk,
            usual ->
                generation -> {
                  opener.interrupt();
                  usual.accept(generation);
                });
    assertThat(Thread.interrupted()).as("kept").isTrue();
    assertThat(host.name()).isEqualTo("p#1");
  }

  @Test
  void whatWasUnloadedIsKnownByItsBytesOverRestarts() throws IOException {
    host.swapper.swap(host.jar("p", "1"));
    host.swapper.swap(host.jar("q", "1"));
    String sha256 = host.swapper.snapshot().plugin("p").orElseThrow().current().get().sha256();
    assertThat(host.swapper.wasUnloaded("p", sha256)).as("it is current").isFalse();
    host.swapper.unload("p");
    for (int i = 0; i < 3; i++) { // at once, after a restart, and after one more
      assertThat(host.swapper.wasUnloaded("p", sha256)).isTrue();
      assertThat(host.swapper.wasUnloaded("p", "0")).as("never had").isFalse();
      assertThat(host.swapper.wasUnloaded("q", sha256)).as("another's").isFalse();
      reopen();
    }
    host.swapper.swap(host.jar("p", "2"));
    assertThat(host.swapper.wasUnloaded("p", sha256)).as("there are others").isFalse();
  }

  @Test
  void whatIsReversedGoesOnToBeTheWishThatItWas() throws IOException {
    Asked drop = new Asked("watch", "p.jar dropped in /srv/watch");
    host.swapper.swap(drop, host.jar("p", "1"));
    try (Lease<FakeHost.Named> held = host.named.lease()) {
      host.swapper.swap(new Asked("ana", ""), host.jar("p", "2"));
      host.swapper.decideDrain("p", DeadlinePolicy.REVERSE);
      assertThat(asked("p")).as("while %s is held", held).isEqualTo(drop);
    }

    reopen();

    assertThat(asked("p")).isEqualTo(drop);
  }

  @Test
  void whatIsSentBackGoesOnToBeTheWishThatItWas() throws IOException {
    host.swapper.swap(new Asked("bo", ""), host.jar("p", "1"));
    host.installer.definedBy = Optional.of(new Generation("p", 1, "1", "x"));
    host.refusalOf(() -> host.swapper.swap(new Asked("ana", ""), host.jar("p", "2")));
    host.installer.definedBy = Optional.empty();
    assertThat(asked("p")).isEqualTo(new Asked("bo", ""));

    reopen();

    assertThat(asked("p")).isEqualTo(new Asked("bo", ""));
  }

  @Test
  void whatIsReversedIsRecordedAsItWas() throws IOException {
    host.swapper.swap(host.jar("p", "1"));
    try (Lease<FakeHost.Named> held = host.named.lease()) {
      host.swapper.swap(host.jar("p", "2"));
      assertThat(recorded()).containsExactly("p#2");

      host.swapper.decideDrain("p", DeadlinePolicy.REVERSE);

      await().untilAsserted(() -> assertThat(host.name()).isEqualTo("p#1"));
    }
    assertThat(recorded()).containsExactly("p#1");
    host.swapper.swap(host.jar("p", "3"));
    host.swapper.rollback("p");
    assertThat(host.swapper.snapshot().plugin("p").orElseThrow().current().orElseThrow().version())
        .isEqualTo("1");
  }

  @Test
  void reversalThatCannotBeRecordedIsRefusedAndNothingHasChanged() throws IOException {
    host.swapper.swap(host.jar("p", "1"));
    try (Lease<FakeHost.Named> held = host.named.lease()) {
      host.swapper.swap(host.jar("p", "2"));
      disk.failFromNowOn();

      Refusal refusal = host.refusalOf(() -> host.swapper.decideDrain("p", DeadlinePolicy.REVERSE));

      assertThat(refusal).isInstanceOf(Refusal.NotRecorded.class);
      assertThat(host.name()).isEqualTo("p#2");
    }
    assertThat(recorded()).containsExactly("p#2");
  }

  @Test
  void whatSomebodyUninstallsIsRecordedAsGoneAndItsBytesAreDropped() throws Exception {
    host.swapper.swap(host.jar("p", "1"));

    host.world.withdraw(host.started.get(0), Duration.ZERO);
    host.swapper.uninstalled(host.started.get(0));

    assertThat(recorded()).isEmpty();
    assertThat(host.stored()).isEmpty();
  }

  @Test
  void whatSomebodyStopsIsRecordedAsCurrent() throws IOException {
    host.swapper.swap(host.jar("p", "1"));

    host.world.withdraw(host.started.get(0), Duration.ZERO);
    host.swapper.withdrawn(host.started.get(0), "stopped by an operator", true);

    assertThat(recorded()).containsExactly("p#1");
  }

  @Test
  void whatComesBackUnderANewNumberIsRecordedUnderIt() throws IOException {
    host.installer.alone = Optional.of("it has the port");
    host.swapper.swap(host.jar("p", "1"));
    SwapOptions force =
        SwapOptions.NONE.withDrainDeadline(Duration.ZERO).withOnDeadline(DeadlinePolicy.FORCE);
    host.start =
        generation -> {
          if (generation.generation().version().equals("2")) {
            throw new IllegalStateException("no such device");
          }
          host.offer(generation);
        };

    try (Lease<FakeHost.Named> lease = host.named.lease()) {
      host.refusalOf(() -> host.swapper.swap(force, host.jar("p", "2")));
      assertThat(host.name()).as("beside " + lease).isEqualTo("p#3");
    }
    assertThat(recorded()).containsExactly("p#3");
  }
}
