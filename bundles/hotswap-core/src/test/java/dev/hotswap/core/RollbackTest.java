package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way back, and the bytes that are kept for it. */
@Timeout(30)
class RollbackTest {
  @TempDir Path folder;
  private FakeHost host;

  private void open(UnaryOperator<SwapSettings> settings) {
    host = new FakeHost(folder, settings);
  }

  @AfterEach
  void close() {
    host.close();
  }

  private Swap swap(String plugin, String version) throws Exception {
    Swap swap = host.swapper.swap(host.jar(plugin, version));
    swap.awaitReclaimed(FakeHost.LIMIT);
    return swap;
  }

  /** The first generation is uninstalled by somebody else while its successor starts. */
  private void swapWhileTheOldOneIsUninstalled() throws Exception {
    swap("p", "1");
    LiveGeneration first = host.started.get(0);
    host.start =
        generation -> {
          host.world.withdraw(first, Duration.ZERO);
          host.swapper.uninstalled(first);
          host.offer(generation);
        };
    swap("p", "2");
    host.start = host::offer;
  }

  @Test
  void bytesOfWhatSomebodyUninstalledDuringASwapCanBeDeployedAgain() throws Exception {
    open(settings -> settings);
    swapWhileTheOldOneIsUninstalled();

    swap("p", "1");

    assertThat(host.name()).isEqualTo("p#3");
  }

  @Test
  void rollbackToBytesThatAreGoneIsRefused() throws Exception {
    open(settings -> settings);
    swapWhileTheOldOneIsUninstalled();

    Refusal refusal = host.refusalOf(() -> host.swapper.rollback("p"));

    assertThat(refusal).isInstanceOf(Refusal.NoWayBack.class);
    assertThat(refusal.message()).contains("bytes of p generation 1 (1)");
    assertThat(host.name()).isEqualTo("p#2");
  }

  @Test
  void bytesThatNoHistoryRemembersLeaveTheStore() throws Exception {
    open(settings -> settings.withHistory(1));
    swap("p", "1");
    swap("p", "2");
    assertThat(host.stored()).hasSize(2);

    swap("p", "3");

    assertThat(host.stored()).hasSize(2);
  }

  @Test
  void bytesOfASwapThatIsUndoneLeaveTheStore() throws Exception {
    open(settings -> settings);
    swap("p", "1");
    swap("p", "2");

    host.swapper.rollback("p").awaitReclaimed(FakeHost.LIMIT);
    assertThat(host.name()).isEqualTo("p#3");
    assertThat(host.stored()).hasSize(1);

    host.swapper.unload("p").awaitReclaimed(FakeHost.LIMIT);

    assertThat(host.stored()).isEmpty();
  }

  @Test
  void bytesOfASetThatIsRefusedBeforeItIsStagedLeaveTheStore() throws Exception {
    open(settings -> settings);
    swap("p", "1");

    Refusal refusal =
        host.refusalOf(() -> host.swapper.swap(host.jar("q", "1"), host.jar("q", "2")));

    assertThat(refusal).isInstanceOf(Refusal.ClaimedTwice.class);
    assertThat(host.stored()).hasSize(1);
  }

  private void standBy() throws Exception {
    swap("p", "1");
    swap("p", "2");
    assertThat(host.stages("p")).containsExactly(Stage.STANDBY, Stage.CURRENT);
  }

  @Test
  void rollbackThatFailsAtTheStartCanBeTriedAgain() throws Exception {
    open(settings -> settings.withStandby(Duration.ofMinutes(5)));
    standBy();
    host.start =
        generation -> {
          throw new IllegalStateException("no such device");
        };
    Refusal refusal = host.refusalOf(() -> host.swapper.rollback("p"));
    assertThat(refusal.message()).contains("no such device");
    assertThat(host.name()).isEqualTo("p#2");
    host.start = host::offer;

    Swap again = host.swapper.rollback("p");

    assertThat(again.receipt().outcome()).isEqualTo(Receipt.Outcome.ROLLED_BACK);
    assertThat(host.name()).isEqualTo("p#4");
  }

  /** Somebody uninstalls what stands by just as it is to be started. */
  @Test
  void rollbackOfASetOfWhichOneIsUninstalledMeanwhileLeavesNothingBehind() throws Exception {
    open(settings -> settings.withStandby(Duration.ofMinutes(5)));
    host.swapper.swap(host.jar("p", "1"), host.jar("q", "1"));
    LiveGeneration q = host.started.get(1);
    host.swapper.swap(host.jar("p", "2"), host.jar("q", "2")).awaitReclaimed(FakeHost.LIMIT);
    host.installer.renumbered =
        generation -> {
          if (generation.generation().plugin().equals("p")) {
            host.swapper.uninstalled(q);
          }
        };

    Refusal refusal = host.refusalOf(() -> host.swapper.rollback("p"));

    assertThat(refusal).isInstanceOf(Refusal.NoWayBack.class);
    assertThat(host.stages("p")).containsExactly(Stage.CURRENT);
    assertThat(host.stages("q")).containsExactly(Stage.CURRENT);
    assertThat(host.name()).isEqualTo("p#2");
    await().until(() -> host.installer.removed.stream().anyMatch(gone -> gone.number() == 3));
    assertThat(host.installer.removed).hasSize(1);
  }

  @Test
  void setThatDoesNotStandByAnyMoreIsBroughtBackFromItsBytesAndReclaimed() throws Exception {
    open(settings -> settings.withStandby(Duration.ofMinutes(5)));
    host.swapper.swap(host.jar("p", "1"), host.jar("q", "1"));
    LiveGeneration q = host.started.get(1);
    host.swapper.swap(host.jar("p", "2"), host.jar("q", "2")).awaitReclaimed(FakeHost.LIMIT);
    host.swapper.uninstalled(q);

    host.swapper.rollback("p").awaitReclaimed(FakeHost.LIMIT);

    assertThat(host.name()).isEqualTo("p#3");
    assertThat(host.stages("p")).as("nobody goes back to p#2").containsExactly(Stage.CURRENT);
    assertThat(List.copyOf(host.installer.removed)).extracting(gone -> gone.id()).contains("p#1");
  }
}
