package dev.hotswap.watch;

import static dev.hotswap.watch.Attendance.PATIENCE;
import static dev.hotswap.watch.Attendance.QUIET;
import static dev.hotswap.watch.Attendance.TOGETHER;
import static dev.hotswap.watch.Attendance.plugin;
import static dev.hotswap.watch.Attendance.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of settings, alone and together with bundles. */
class SettingsTest {
  @TempDir Path parent;
  private final FakeSwapper swapper = new FakeSwapper();
  private Attendance at;
  private Map<String, Map<String, Object>> all;

  @BeforeEach
  void begin() throws IOException {
    at = new Attendance(parent, swapper);
    all = at.configurations.all;
    at.round();
  }

  @Test
  void filesAreConfiguredByTheirNamesAndDeletedWithThem() throws IOException {
    at.drop("acme.rules.cfg", text("rate = 7 \nname=caf\u00e9\n"));
    at.drop("acme.pool~eu.json", text("{\"size\": 3, \"hosts\": [\"a\", \"b\"]}"));
    at.roundsOver(TOGETHER);
    assertThat(all.get("acme.rules")).isEqualTo(Map.of("rate", "7", "name", "caf\u00e9"));
    assertThat(all.get("acme.pool~eu")).containsEntry("size", 3L);
    at.drop("acme.rules.cfg", text("rate=8"));
    at.roundsOver(TOGETHER);
    assertThat(all.get("acme.rules")).isEqualTo(Map.of("rate", "8"));
    at.delete("acme.rules.cfg");
    at.roundsOver(QUIET);
    assertThat(all).containsOnlyKeys("acme.pool~eu");
  }

  @Test
  void fileThatIsNoneIsRefusedAndWhatStoodStays() throws IOException {
    at.drop("acme.json", text("{\"rate\": 7}"));
    at.roundsOver(TOGETHER);
    at.drop("acme.json", text("{\"rate\": 8"));
    at.roundsOver(PATIENCE);
    assertThat(at.reason("acme.json")).contains("it is no JSON object of settings");
    assertThat(all.get("acme")).containsEntry("rate", 7L);
  }

  @Test
  void settingsWaitForConfigurationAdminAndBundlesDoNotWaitForThem() throws IOException {
    at.configurations.areThere = false;
    at.drop("acme.cfg", text("rate=7"));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).isPresent();
    assertThat(all).isEmpty();
    at.configurations.areThere = true;
    at.round();
    assertThat(all).containsKey("acme");
  }

  /** The package came between the plan and the swap: the settings have not been set by then. */
  @Test
  void settingsOfABundleThatWasNotExpectedToComeAreSetAllTheSame() throws IOException {
    swapper.foresees =
        bundle -> Optional.of(new Refusal.Unresolvable("rules", List.of("acme"), Optional.empty()));
    at.drop("acme.cfg", text("rate=7"));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.roundsOver(QUIET);
    assertThat(swapper.version("rules")).isPresent();
    at.roundsOver(TOGETHER);
    assertThat(all.get("acme")).containsEntry("rate", "7");
  }

  @Test
  void settingsThatComeWithABundleAreThereWhenItStarts() throws IOException {
    swapper.meanwhile = () -> assertThat(all.get("acme")).containsEntry("rate", "7");
    at.drop("acme.cfg", text("rate=7"));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
  }

  @Test
  void settingsThatComeWithARefusedBundleGoBackAndAreRefusedWithIt() throws IOException {
    at.drop("acme.cfg", text("rate=7"));
    at.roundsOver(TOGETHER);
    swapper.refuses =
        bundle -> Optional.of(new Refusal.StartFailed("rules 1.0.0", "boom", Optional.empty()));
    at.drop("acme.cfg", text("rate=8"));
    at.drop("fresh.cfg", text("a=b"));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(all).isEqualTo(Map.of("acme", Map.of("rate", "7")));
    assertThat(at.isRefused("acme.cfg")).isTrue();
    assertThat(at.reason("fresh.cfg")).contains("boom");
  }

  @Test
  void foreseenRefusalDoesNotChangeSettingsToAndFro() throws IOException {
    at.drop("acme.cfg", text("rate=7"));
    at.roundsOver(TOGETHER);
    Refusal refusal = new Refusal.NotSwappable("rules 1.0.0", "it is base", Optional.empty());
    swapper.foresees = bundle -> Optional.of(refusal);
    swapper.refuses = bundle -> Optional.of(refusal);
    swapper.meanwhile = () -> assertThat(all.get("acme")).containsEntry("rate", "7");
    at.drop("acme.cfg", text("rate=8"));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
    assertThat(all.get("acme")).containsEntry("rate", "7");
  }

  @Test
  void settingsThatCannotBeSetKeepTheBundleOut() throws IOException {
    at.configurations.fails = true;
    at.drop("acme.cfg", text("rate=7"));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).isEmpty();
    assertThat(at.reason("rules.jar")).contains("the disk is full");
  }

  @Test
  void settingsRollBackWithTheBundleThatTheyCameWith() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    dropBoth("3.0.0", "rate=3");
    swapper.rollback(new Asked("alice", ""), "rules");
    at.round();
    assertThat(all.get("acme")).containsEntry("rate", "2");
    swapper.rollback(new Asked("alice", ""), "rules"); // under another number than it had
    at.round();
    assertThat(all.get("acme")).containsEntry("rate", "1");
    at.roundsOver(Duration.ofHours(1));
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  private void dropBoth(String version, String settings) throws IOException {
    at.drop("acme.cfg", text(settings));
    at.drop("rules.jar", plugin("rules", version));
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).hasValue(version);
  }

  private void rollBack() {
    swapper.rollback(new Asked("alice", ""), "rules");
  }

  @Test
  void settingsAreBackBeforeTheOldGenerationIsStarted() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    swapper.starting = () -> assertThat(all.get("acme")).containsEntry("rate", "1");
    rollBack();
    assertThat(swapper.version("rules")).hasValue("1.0.0");
  }

  @Test
  void settingsGoBackOverSeveralSwapsAtOnce() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    dropBoth("3.0.0", "rate=3");
    swapper.rollback(new Asked("alice", ""), "rules", 1);
    assertThat(all.get("acme")).containsEntry("rate", "1");
    dropBoth("4.0.0", "rate=4");
    rollBack();
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  @Test
  void rollbackThatIsRefusedPutsTheSettingsForwardAgain() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    swapper.rollbackFails =
        Optional.of(new Refusal.StartFailed("rules 1.0.0", "boom", Optional.empty()));
    assertThatThrownBy(this::rollBack).isInstanceOf(SwapRefusedException.class);
    assertThat(all.get("acme")).containsEntry("rate", "2");
    swapper.rollbackFails = Optional.empty();
    rollBack();
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  @Test
  void settingsGoBackWithASwapThatIsReversed() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    swapper.reverse(2, "rules");
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  @Test
  void nextProcessKnowsWhatBelongsTogether() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    at.restart();
    at.round();
    swapper.starting = () -> assertThat(all.get("acme")).containsEntry("rate", "1");
    rollBack();
    at.round();
    at.restart();
    at.round();
    assertThat(all.get("acme")).as("the file of 2.0.0 is left").containsEntry("rate", "1");
  }

  @Test
  void whatWasRolledBackWhileNobodyWatchedIsMadeUpForAtStart() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    dropBoth("3.0.0", "rate=3");
    at.leave();
    rollBack();
    rollBack();
    at.restart();
    at.round();
    assertThat(all.get("acme")).containsEntry("rate", "1");
    dropBoth("4.0.0", "rate=4");
    rollBack();
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  /** The file of 2.0.0 is still there, and looks as if it had to be set once more. */
  @Test
  void whatWasRolledBackWhileNobodyWatchedIsNotSetForwardWhereSettingsAreForgotten()
      throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    at.leave();
    rollBack();
    all.clear();
    at.restart();
    at.roundsOver(TOGETHER);
    assertThat(all.get("acme")).isEqualTo(Map.of("rate", "1"));
    at.restart();
    at.roundsOver(TOGETHER);
    assertThat(all.get("acme")).isEqualTo(Map.of("rate", "1"));
  }

  /** What was swapped in by hand is no rollback, although the bytes are those of before. */
  @Test
  void oldBytesThatAreSwappedInByHandChangeNoSettings() throws IOException {
    dropBoth("0.0.0", "rate=0");
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    Path byHand = Files.write(parent.resolve("old.jar"), plugin("rules", "0.0.0"));
    swapper.swap(new Asked("alice", ""), byHand);
    at.restart();
    at.round();
    assertThat(all.get("acme")).containsEntry("rate", "2");
    rollBack(); // to 2.0.0, with which they came
    rollBack();
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  /** The process dies between the settings and the swap. */
  private void cutOff() throws IOException {
    dropBoth("1.0.0", "rate=1");
    swapper.meanwhile =
        () -> {
          throw new LinkageError("nothing catches it, as nothing is left after a kill");
        };
    at.drop("acme.cfg", text("rate=2"));
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    assertThatThrownBy(() -> at.roundsOver(TOGETHER)).isInstanceOf(LinkageError.class);
    assertThat(all.get("acme")).containsEntry("rate", "2");
    swapper.meanwhile = () -> {};
  }

  @Test
  void dropThatWasCutOffAndTakenAwayLeavesTheSettingsThatStood() throws IOException {
    cutOff();
    at.drop("acme.cfg", text("rate=1"));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.restart();
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).hasValue("1.0.0");
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  @Test
  void dropThatWasCutOffIsDoneOnceMoreAndGoesBackToWhatStoodBefore() throws IOException {
    cutOff();
    at.restart();
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).hasValue("2.0.0");
    assertThat(all.get("acme")).containsEntry("rate", "2");
    rollBack();
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  @Test
  void settingsThatStandSinceARollbackAreSetOnceMoreWhereTheyAreForgotten() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    rollBack();
    at.round();
    all.clear();
    at.restart();
    at.round();
    assertThat(all.get("acme")).isEqualTo(Map.of("rate", "1"));
  }

  /** A drop has set its own, and waits for its turn, when somebody's rollback comes before it. */
  @Test
  void rollbackBetweenTheSettingsOfADropAndItsSwapLeavesThem() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    swapper.meanwhile =
        () -> {
          swapper.meanwhile = () -> {};
          rollBack();
          assertThat(all.get("acme")).containsEntry("rate", "3");
        };
    dropBoth("3.0.0", "rate=3");
    assertThat(all.get("acme")).containsEntry("rate", "3");
    rollBack();
    assertThat(all.get("acme")).containsEntry("rate", "1");
  }

  @Test
  void settingsThatChangedAloneSinceStayInARollback() throws IOException {
    dropBoth("1.0.0", "rate=1");
    dropBoth("2.0.0", "rate=2");
    at.drop("acme.cfg", text("rate=7"));
    at.roundsOver(TOGETHER);
    rollBack();
    at.round();
    assertThat(all.get("acme")).containsEntry("rate", "7");
  }

  @Test
  void settingsThatCameAloneStayWhereABundleIsRolledBack() throws IOException {
    dropBoth("1.0.0", "rate=1");
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    at.roundsOver(TOGETHER);
    at.drop("acme.cfg", text("rate=2"));
    at.roundsOver(TOGETHER);
    swapper.rollback(new Asked("alice", ""), "rules");
    at.round();
    assertThat(all.get("acme")).containsEntry("rate", "2");
  }

  @Test
  void whatConfigurationAdminHasForgottenIsSetOnceMoreAtStart() throws IOException {
    at.drop("acme.cfg", text("rate=7"));
    at.roundsOver(TOGETHER);
    all.clear();
    at.restart();
    at.round();
    assertThat(all.get("acme")).containsEntry("rate", "7");
  }
}
