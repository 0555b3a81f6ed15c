package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
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

  private List<Long> wayBack(String plugin) {
    return host.swapper.wayBack(plugin).stream().map(old -> old.number()).toList();
  }

  private Swap back(String plugin, long generation) {
    return host.swapper.rollback(new Asked("ana", "slow"), plugin, generation);
  }

  @Test
  void severalSwapsAreUndoneInOnePublishUnderOneNumber() throws Exception {
    open(settings -> settings);
    for (String version : List.of("1", "2", "3", "4")) {
      swap("p", version);
    }
    assertThat(wayBack("p")).containsExactly(3L, 2L, 1L);
    host.events.clear();

    Receipt receipt = back("p", 2).receipt();

    assertThat(host.name()).isEqualTo("p#5");
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.ROLLED_BACK);
    assertThat(receipt.to().orElseThrow().version()).isEqualTo("2");
    assertThat(host.events).filteredOn(SwapEvent.Published.class::isInstance).hasSize(1);
    assertThat(wayBack("p")).as("what was undone is forgotten").containsExactly(1L);
    host.swapper.rollback("p");
    assertThat(host.name()).isEqualTo("p#6");
    assertThat(wayBack("p")).isEmpty();
  }

  @Test
  void generationThatCannotBeGoneBackToIsRefusedWithThoseThatCan() throws Exception {
    open(settings -> settings);
    swap("p", "1");
    swap("p", "2");
    swap("p", "3");

    Refusal refusal = host.refusalOf(() -> back("p", 3));

    assertThat(refusal.message())
        .contains(
            "there is no way back to generation 3",
            "generation 3 (3) stays current",
            "It can go back to generation 2 (2), generation 1 (1)");
    assertThat(host.name()).isEqualTo("p#3");
    assertThat(host.refusalOf(() -> back("q", 1))).isInstanceOf(Refusal.UnknownPlugin.class);
    assertThat(wayBack("q")).isEmpty();
  }

  /** Both swaps of the set are undone for both; what was new with the first of them goes. */
  @Test
  void whatWasSwappedTogetherGoesBackTogetherOverSeveralSwaps() throws Exception {
    open(settings -> settings);
    swap("p", "1");
    host.swapper.swap(host.jar("p", "2"), host.jar("q", "1"));
    host.swapper.swap(host.jar("p", "3"), host.jar("q", "2")).awaitReclaimed(FakeHost.LIMIT);

    Receipt receipt = back("p", 1).receipt();

    assertThat(receipt.change("p").orElseThrow().to().orElseThrow().version()).isEqualTo("1");
    assertThat(receipt.change("q").orElseThrow().from().orElseThrow().version()).isEqualTo("2");
    assertThat(receipt.change("q").orElseThrow().to()).isEmpty();
    assertThat(host.name()).isEqualTo("p#4");
  }

  @Test
  void nothingIsGoneBackToBeyondASetOfWhichOneHasBeenChangedSince() throws Exception {
    open(settings -> settings);
    swap("p", "1");
    host.swapper.swap(host.jar("p", "2"), host.jar("q", "1"));
    swap("q", "2");
    swap("p", "3");

    assertThat(wayBack("p")).containsExactly(2L);
    assertThat(host.refusalOf(() -> back("p", 1)).message())
        .contains("q, which was swapped together with it, has been changed since");
    back("p", 2);
    assertThat(host.name()).isEqualTo("p#4");
  }

  @Test
  void bytesThatAreCurrentAgainStayAndTheWayBackGoesOnFromThere() throws Exception {
    open(settings -> settings);
    swap("p", "0");
    host.swapper.swap(host.jar("p", "1"), host.jar("q", "1"));
    swap("p", "2");
    host.swapper.swap(host.jar("p", "1"), host.jar("r", "1")).awaitReclaimed(FakeHost.LIMIT);
    assertThat(host.name()).isEqualTo("p#4");

    Receipt receipt = back("p", 2).receipt(); // p stays, and r goes

    assertThat(receipt.changes()).extracting(Receipt.Change::plugin).containsExactly("r");
    assertThat(host.name()).isEqualTo("p#4");
    assertThat(wayBack("p")).containsExactly(1L);
    host.swapper.rollback("p");
    assertThat(host.name()).isEqualTo("p#5");
  }

  @Test
  void wayBackToTheVeryBytesThatAreCurrentChangesNothing() throws Exception {
    open(settings -> settings);
    swap("p", "1");
    swap("p", "2");
    swap("p", "1");

    assertThat(back("p", 1).receipt().outcome()).isEqualTo(Receipt.Outcome.UNCHANGED);

    assertThat(host.name()).isEqualTo("p#3");
    assertThat(wayBack("p")).containsExactly(2L, 1L);
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
