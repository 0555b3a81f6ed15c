package dev.hotswap.watch;

import static dev.hotswap.watch.Attendance.PATIENCE;
import static dev.hotswap.watch.Attendance.QUIET;
import static dev.hotswap.watch.Attendance.TOGETHER;
import static dev.hotswap.watch.Attendance.plugin;
import static dev.hotswap.watch.Attendance.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Refusal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files of a folder bring about, and when. */
class RoundsTest {
  private static final Asked ALICE = new Asked("alice", "");

  @TempDir Path parent;
  private final FakeSwapper swapper = new FakeSwapper();
  private Attendance at;

  @BeforeEach
  void begin() throws IOException {
    at = new Attendance(parent, swapper);
    at.round();
  }

  /** The process may have died of it; what comes later costs no more writes than before. */
  @Test
  void startOfWhatWasThereAtTheOpenIsNotedAndOfWhatIsDroppedLaterIsNot() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.restart();
    at.round();
    assertThat(swapper.noted).containsExactly("rules.jar");
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).containsExactly("swap rules.jar", "swap rules.jar");
    assertThat(swapper.noted).containsExactly("rules.jar");
  }

  // ---- whole and settled

  @Test
  void fileThatIsRenamedIntoTheFolderIsTakenAsSoonAsNoOtherFollows() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    assertThat(at.round()).isEqualTo(TOGETHER);
    assertThat(swapper.deeds).isEmpty();
    at.clock.pass(TOGETHER);
    at.round();
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
    assertThat(swapper.receipts().get(0).request().asked())
        .isEqualTo(new Asked("watch", "rules.jar dropped in " + at.folder));
  }

  @Test
  void fileThatIsWrittenInPlaceIsTakenWhenItHasStoodStill() throws IOException {
    at.write("rules.jar", plugin("rules", "1.0.0"));
    assertThat(at.round()).isEqualTo(QUIET);
    at.clock.pass(QUIET.minusNanos(1));
    at.round();
    assertThat(swapper.deeds).isEmpty();
    at.clock.pass(Duration.ofNanos(1));
    at.round();
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
  }

  @Test
  void growingFileIsTakenOnlyWhenItIsWhole() throws IOException {
    byte[] whole = plugin("rules", "1.0.0");
    for (int length = 0; length < whole.length; length += whole.length / 7) {
      at.write("rules.jar", Arrays.copyOf(whole, length));
      at.roundsOver(QUIET);
      assertThat(swapper.deeds).as("at %s of %s bytes", length, whole.length).isEmpty();
    }
    at.write("rules.jar", whole);
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
    assertThat(at.isThere("rules.jar")).isTrue();
  }

  @Test
  void whatStaysHalfIsRefusedAndTheCorrectedFileIsTaken() throws IOException {
    byte[] whole = plugin("rules", "1.0.0");
    at.drop("rules.jar", Arrays.copyOf(whole, whole.length - 30));
    at.roundsOver(PATIENCE.minusMillis(1));
    assertThat(at.isThere("rules.jar")).isTrue();
    at.clock.pass(Duration.ofMillis(1));
    at.round();
    assertThat(at.isThere("rules.jar")).isFalse();
    assertThat(at.isRefused("rules.jar")).isTrue();
    assertThat(at.reason("rules.jar"))
        .contains(
            "it is not whole, and nobody has written to it for 10000 ms",
            "nothing has changed",
            "when:    " + at.clock.now(),
            "Copy the whole file again");
    at.drop("rules.jar", whole);
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
  }

  @Test
  void mixtureOfAnOldAndANewFileIsNotTaken() throws IOException {
    byte[] old = plugin("rules", "1.0.0", "Comment: old");
    byte[] mixture = plugin("rules", "2.0.0", "Comment: new");
    System.arraycopy(old, mixture.length / 2, mixture, mixture.length / 2, mixture.length / 2);
    at.drop("rules.jar", mixture);
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).isEmpty();
  }

  @Test
  void whatUnpacksToTooMuchIsRefusedWithoutAskingTheSwapper() throws IOException {
    byte[] zeros = new byte[2 << 20];
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
      zip.putNextEntry(new java.util.zip.ZipEntry("zeros"));
      zip.write(zeros);
    }
    at.drop("bomb.jar", bytes.toByteArray());
    at.round();
    assertThat(at.reason("bomb.jar")).contains("it unpacks to more than 1048576 bytes");
    assertThat(swapper.deeds).isEmpty();
  }

  /** Whoever runs the tests may be one who may read everything. */
  @Test
  void fileThatMayNotBeReadIsRefusedWithTheReason() throws IOException {
    at.reading.meanwhile =
        file -> {
          throw new AccessDeniedException(file.toString());
        };
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).isEmpty();
    assertThat(at.isRefused("rules.jar")).isTrue();
    assertThat(at.reason("rules.jar"))
        .contains(
            "it cannot be read: java.nio.file.AccessDeniedException",
            "Let the user that runs the host read it, then drop it again.");
  }

  @Test
  void fileThatIsDeletedWhileItIsReadIsNeitherTakenNorRefused() throws IOException {
    at.reading.meanwhile = Files::delete;
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.roundsOver(PATIENCE);
    assertThat(at.reading.files).isEqualTo(1);
    assertThat(swapper.deeds).isEmpty();
    assertThat(at.isThere(".refused")).isFalse();
    at.reading.meanwhile = file -> {};
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
  }

  @Test
  void sameLengthAndTimeWithOtherContentIsNoticed() throws IOException {
    byte[] one = plugin("rules", "1.0.0");
    byte[] other = plugin("rules", "2.0.0");
    assertThat(one).hasSameSizeAs(other);
    at.drop("rules.jar", one);
    at.roundsOver(TOGETHER);
    FileTime time = Files.getLastModifiedTime(at.folder.resolve("rules.jar"));
    at.write("rules.jar", other);
    Files.setLastModifiedTime(at.folder.resolve("rules.jar"), time);
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).hasValue("2.0.0");
  }

  @Test
  void youngFileIsReadOnceMoreSinceAClockOfCoarseStepsMayHideAWrite() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(at.reading.files).isEqualTo(1);
    at.clock.pass(Duration.ofMinutes(1));
    at.round();
    assertThat(at.reading.files).isEqualTo(2);
    at.clock.pass(Duration.ofMinutes(1));
    at.round();
    assertThat(at.reading.files).as("now its stamp vouches for it").isEqualTo(2);
  }

  @Test
  void fileThatAnEventTellsOfIsReadWhateverItsStamp() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.round(new Touched.Round(false, Set.of("rules.jar")));
    assertThat(at.reading.files).isEqualTo(2);
    at.round(new Touched.Round(true, Set.of())); // events were lost
    assertThat(at.reading.files).isEqualTo(3);
    at.round(new Touched.Round(false, Set.of("other.jar")));
    assertThat(at.reading.files).isEqualTo(3);
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
  }

  // ---- what cannot be used

  @Test
  void whatIsRefusedIsMovedAsideAndNotTriedAgain() throws IOException {
    swapper.refuses =
        bundle -> Optional.of(new Refusal.StartFailed("rules 1.0.0", "boom", Optional.empty()));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(at.isRefused("rules.jar")).isTrue();
    assertThat(at.reason("rules.jar"))
        .contains(
            "refused: rules 1.0.0",
            "why:     it failed to start: boom",
            "now:     nothing has changed",
            "next:    Mend the activator");
    at.roundsOver(Duration.ofHours(1));
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
  }

  @Test
  void fileThatIsPutRightBeforeItsRefusalIsNotMovedAway() throws IOException {
    at.drop("broken.jar", text("no zip at all"));
    at.drop("zzz.jar", plugin("zzz", "1.0.0"));
    at.reading.meanwhile =
        file -> {
          if (file.endsWith("zzz.jar")) { // looked at after the other
            at.drop("broken.jar", plugin("broken", "1.0.0"));
          } else if (swapper.deeds.isEmpty()) {
            throw new AccessDeniedException(file.toString());
          }
        };
    at.round();
    at.reading.meanwhile = file -> {};
    at.roundsOver(TOGETHER);
    assertThat(at.isRefused("broken.jar")).isFalse();
    assertThat(swapper.version("broken")).hasValue("1.0.0");
  }

  @Test
  void fileThatIsPutRightInAnAttemptThatFailsIsNotMovedAway() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    swapper.meanwhile =
        () -> {
          swapper.meanwhile = () -> {};
          try {
            at.drop("rules.jar", plugin("rules", "1.0.1"));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          throw new IllegalStateException("a defect");
        };
    at.roundsOver(TOGETHER);
    at.roundsOver(TOGETHER);
    assertThat(at.isRefused("rules.jar")).isFalse();
    assertThat(swapper.version("rules")).hasValue("1.0.1");
  }

  @Test
  void malformedManifestIsNamedAsWhatItIs() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0", "no colon in this line"));
    at.roundsOver(TOGETHER);
    assertThat(at.reason("rules.jar"))
        .contains("its manifest is malformed: invalid header field", "Build the bundle anew")
        .doesNotContain("Let the user");
  }

  @Test
  void fileThatGrowsForEverHoldsUpDeletesAndRefusalsForAWhileOnly() throws IOException {
    at.drop("clock.jar", plugin("clock", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.delete("clock.jar");
    at.drop("needy.jar", plugin("needy", "1.0.0", "Import-Package: acme.lib"));
    swapper.resolves();
    growFor(PATIENCE.multipliedBy(6).minusSeconds(1));
    assertThat(swapper.version("clock")).as("it may be on its way").isPresent();
    assertThat(at.isThere("needy.jar")).as("what it lacks may be").isTrue();
    growFor(Duration.ofSeconds(3));
    assertThat(swapper.version("clock")).isEmpty();
    assertThat(at.isRefused("needy.jar")).isTrue();
  }

  private void growFor(Duration time) throws IOException {
    for (Duration left = time; !left.isNegative() && !left.isZero(); left = left.minusMillis(250)) {
      Files.writeString(
          at.folder.resolve("huge.jar"),
          "more",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      assertThat(at.round()).as("it does not spin").isGreaterThan(Duration.ofMillis(1));
      at.clock.pass(Duration.ofMillis(250));
    }
    Files.writeString(at.folder.resolve("huge.jar"), "more", StandardOpenOption.APPEND);
    at.round();
  }

  @Test
  void dropWithoutAnEndIsBegunOnAllTheSame() throws IOException {
    Duration step = TOGETHER.dividedBy(2);
    for (Duration time = Duration.ZERO; time.compareTo(PATIENCE) < 0; time = time.plus(step)) {
      at.drop("d" + time.toMillis() + ".cfg", text("a=1"));
      at.round();
      assertThat(at.configurations.all).isEmpty();
      at.clock.pass(step);
    }
    at.drop("last.cfg", text("a=1"));
    at.round();
    assertThat(at.configurations.all).isNotEmpty();
  }

  @Test
  void whatIsRefusedAndCannotBeMovedStaysAndIsNotTriedAgainUntilItChanges() throws IOException {
    Files.createFile(at.folder.resolve(".refused")); // where the folder would be
    swapper.refuses =
        bundle -> Optional.of(new Refusal.StartFailed("rules 1.0.0", "boom", Optional.empty()));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.roundsOver(Duration.ofHours(1));
    assertThat(at.isThere("rules.jar")).isTrue();
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
    swapper.refuses = bundle -> Optional.empty();
    at.drop("rules.jar", plugin("rules", "1.0.1"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).hasValue("1.0.1");
  }

  @Test
  void brokenOverwriteLeavesWhatIsCurrentAndIsNoDelete() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.drop("rules.jar", Attendance.text("no zip at all"));
    at.roundsOver(PATIENCE);
    at.roundsOver(Duration.ofHours(1));
    assertThat(at.isRefused("rules.jar")).isTrue();
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
    assertThat(swapper.version("rules")).hasValue("1.0.0");
  }

  @Test
  void linkAndFolderAreRefusedUnread() throws IOException {
    Path elsewhere = Files.write(parent.resolve("elsewhere.jar"), plugin("rules", "1.0.0"));
    Files.createSymbolicLink(at.folder.resolve("link.jar"), elsewhere);
    Files.createDirectory(at.folder.resolve("folder.jar"));
    at.roundsOver(QUIET);
    assertThat(at.reason("link.jar")).contains("it is a symbolic link");
    assertThat(at.reason("folder.jar")).contains("it is a folder");
    assertThat(elsewhere).exists();
    assertThat(at.reading.files).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {".rules.jar", "rules.jar.part", "rules.jar~", "rules.txt"})
  void otherNamesAreLeftAlone(String name) throws IOException {
    at.drop(name, plugin("rules", "1.0.0"));
    at.roundsOver(Duration.ofHours(1));
    assertThat(at.isThere(name)).isTrue();
    assertThat(swapper.deeds).isEmpty();
  }

  @Test
  void ofTheRefusedTheLatestHundredAreKept() throws IOException {
    for (int i = 0; i < RefusedFolder.MOST + 5; i++) {
      Files.createDirectory(at.folder.resolve("folder-" + i + ".jar"));
    }
    at.round();
    try (var kept = Files.list(at.folder.resolve(".refused"))) {
      assertThat(kept).hasSize(2 * RefusedFolder.MOST);
    }
  }

  private Quarantine.Case onlyCase() {
    assertThat(at.quarantine().cases()).hasSize(1);
    return at.quarantine().cases().get(0);
  }

  @Test
  void quarantineSaysWhatWasRefusedWhyWhatStandsWhatToDoAndWhereItLies() throws IOException {
    assertThat(at.quarantine().cases()).isEmpty();
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    Refusal refusal =
        new Refusal.StartFailed(
            "rules 2.0.0",
            "an error:\nnext:    of two lines",
            swapper.snapshot().plugin("rules").orElseThrow().current());
    swapper.refuses = bundle -> Optional.of(refusal);
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    at.roundsOver(TOGETHER);
    Quarantine.Case found =
        new Quarantine.Case(
            "rules 2.0.0",
            at.clock.now(),
            refusal.why(),
            refusal.state(),
            refusal.next(),
            Optional.of(at.folder.resolve(".refused/rules.jar")));
    assertThat(onlyCase()).isEqualTo(found);

    at.restart();

    assertThat(onlyCase()).as("by the next process").isEqualTo(found);
  }

  @Test
  void quarantineHasWhatNeverReachedASwapAndDeletesThatWereRefused() throws IOException {
    at.drop("base.jar", plugin("base", "1.0.0"));
    at.drop("user.jar", plugin("user", "1.0.0"));
    at.roundsOver(TOGETHER);
    swapper.dependents.put("base", List.of("user"));
    at.delete("base.jar");
    at.roundsOver(QUIET);
    Quarantine.Case delete = onlyCase();
    assertThat(delete.what()).isEqualTo("the unload of base");
    assertThat(delete.file()).isEmpty();
    at.clock.pass(Duration.ofSeconds(1));
    at.drop("half.jar", Arrays.copyOf(plugin("half", "1.0.0"), 100));
    at.roundsOver(PATIENCE);

    List<Quarantine.Case> cases = at.quarantine().cases();

    assertThat(cases).extracting(Quarantine.Case::what).containsExactly("half.jar", delete.what());
    assertThat(cases.get(0).file()).contains(at.folder.resolve(".refused/half.jar"));
  }

  @Test
  void whatIsNoReasonIsNotInTheQuarantine() throws IOException {
    at.drop("half.jar", Arrays.copyOf(plugin("half", "1.0.0"), 100));
    at.roundsOver(PATIENCE);
    Files.writeString(at.folder.resolve(".refused/mine.reason.txt"), "because\n");
    Files.createDirectory(at.folder.resolve(".refused/folder.reason.txt"));
    assertThat(onlyCase().what()).isEqualTo("half.jar");
  }

  @Test
  void reasonOfALongNameFitsBesideIt() throws IOException {
    String name = "x".repeat(251) + ".jar";
    at.drop(name, Attendance.text("no zip at all"));
    at.roundsOver(PATIENCE);
    assertThat(at.isRefused(name)).isTrue();
    try (var kept = Files.newDirectoryStream(at.folder.resolve(".refused"), "*.reason.txt")) {
      assertThat(kept).hasSize(1);
    }
  }

  @Test
  void fileThatChangesWhileItIsSwappedIsLookedAtAgainInsteadOfRefused() throws IOException {
    swapper.meanwhile =
        () -> {
          swapper.meanwhile = () -> {};
          try {
            at.drop("rules.jar", plugin("rules", "2.0.0"));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    swapper.refuses =
        bundle ->
            bundle.headers().get("Bundle-Version").equals("1.0.0")
                ? Optional.of(new Refusal.StartFailed("rules 1.0.0", "boom", Optional.empty()))
                : Optional.empty();
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).hasValue("2.0.0");
    assertThat(at.isRefused("rules.jar")).isFalse();
  }

  @Test
  void closingHostIsNoReasonToRefuseAFile() throws IOException {
    swapper.refuses = bundle -> Optional.of(new Refusal.Closing("rules.jar"));
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.roundsOver(QUIET);
    assertThat(at.isThere("rules.jar")).isTrue();
    assertThat(swapper.deeds).hasSize(1);
    swapper.refuses = bundle -> Optional.empty();
    at.restart();
    at.round();
    assertThat(swapper.version("rules")).hasValue("1.0.0");
  }

  // ---- sets

  @Test
  void bundlesThatDependOnEachOtherAreOneSetAndOthersAreNot() throws IOException {
    swapper.resolves();
    at.drop("a-user.jar", plugin("user", "1.0.0", "Import-Package: acme.lib;version=\"[1,2)\""));
    at.drop("b-alone.jar", plugin("alone", "1.0.0"));
    at.drop("c-lib.jar", plugin("lib", "1.0.0", "Export-Package: acme.lib;version=1.0,acme.x"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds)
        .containsExactlyInAnyOrder("swap a-user.jar c-lib.jar", "swap b-alone.jar");
  }

  @Test
  void filesThatAreCopiedOneAfterTheOtherAreOneDrop() throws IOException {
    at.write("a-lib.jar", plugin("lib", "1.0.0", "Export-Package: acme.lib"));
    at.roundsOver(QUIET.dividedBy(2));
    at.write("b-user.jar", plugin("user", "1.0.0", "Import-Package: acme.lib"));
    at.roundsOver(QUIET.dividedBy(2)); // the first has stood still, the second has not
    assertThat(swapper.deeds).isEmpty();
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).containsExactly("swap a-lib.jar b-user.jar");
  }

  @Test
  void fileThatGrowsSlowlyHoldsNoOtherUp() throws IOException {
    for (int length = 1; length < 10; length++) {
      at.write("slow.jar", new byte[length]);
      at.roundsOver(QUIET);
    }
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.write("slow.jar", new byte[10]);
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
  }

  @Test
  void whatLacksSomethingWaitsForWhatFollowsSoon() throws IOException {
    swapper.resolves();
    at.drop("user.jar", plugin("user", "1.0.0", "Import-Package: acme.lib"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).isEmpty();
    at.drop("lib.jar", plugin("lib", "1.0.0", "Export-Package: acme.lib"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds).containsExactly("swap lib.jar user.jar");
  }

  @Test
  void whatLacksSomethingThatDoesNotComeIsRefusedOnce() throws IOException {
    swapper.resolves();
    at.drop("user.jar", plugin("user", "1.0.0", "Import-Package: acme.lib"));
    at.roundsOver(QUIET);
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).containsExactly("swap user.jar");
    assertThat(at.isRefused("user.jar")).isTrue();
  }

  @Test
  void whatLacksSomethingWaitsForAFileThatIsStillBeingCopied() throws IOException {
    swapper.resolves();
    byte[] lib = plugin("lib", "1.0.0", "Export-Package: acme.lib");
    at.drop("user.jar", plugin("user", "1.0.0", "Import-Package: acme.lib"));
    at.write("lib.jar", Arrays.copyOf(lib, 100));
    at.roundsOver(QUIET.multipliedBy(4));
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).isEmpty();
    at.write("lib.jar", lib);
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).containsExactly("swap lib.jar user.jar");
  }

  @Test
  void setIsRefusedWholeAndSaysWhatToDropAgain() throws IOException {
    swapper.refuses =
        bundle ->
            bundle.plugin().equals("user")
                ? Optional.of(new Refusal.StartFailed("user 1.0.0", "boom", Optional.empty()))
                : Optional.empty();
    at.drop("lib.jar", plugin("lib", "1.0.0", "Export-Package: acme.lib"));
    at.drop("user.jar", plugin("user", "1.0.0", "Import-Package: acme.lib"));
    at.roundsOver(TOGETHER);
    assertThat(at.isRefused("lib.jar")).isTrue();
    assertThat(at.reason("lib.jar"))
        .contains("user 1.0.0", "Drop all of them again: lib.jar, user.jar.");
    assertThat(at.isRefused("user.jar")).isTrue();
  }

  @Test
  void whatNeedsAServiceOfAnotherDropIsTriedOnceMoreAfterIt() throws IOException {
    swapper.refuses =
        bundle ->
            bundle.plugin().equals("a-user") && swapper.version("provider").isEmpty()
                ? Optional.of(
                    new Refusal.NoContractService(
                        "a-user", List.of("Greeter"), List.of(), "", Optional.empty()))
                : Optional.empty();
    at.drop("a-user.jar", plugin("a-user", "1.0.0"));
    at.drop("provider.jar", plugin("provider", "1.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.deeds)
        .containsExactly("swap a-user.jar", "swap provider.jar", "swap a-user.jar");
    assertThat(at.isThere("a-user.jar")).isTrue();
  }

  // ---- deletes

  @Test
  void deletedFileUnloadsWhenItHasBeenAwayForLongEnough() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.delete("rules.jar");
    at.roundsOver(QUIET.minusNanos(1));
    assertThat(swapper.version("rules")).isPresent();
    at.clock.pass(Duration.ofNanos(1));
    at.round();
    assertThat(swapper.version("rules")).isEmpty();
  }

  @Test
  void fileThatIsAwayForAMomentIsNotUnloaded() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.delete("rules.jar");
    at.roundsOver(QUIET.dividedBy(2));
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).containsExactly("swap rules.jar", "swap rules.jar");
  }

  @Test
  void deleteThatWouldStrandOthersIsRefusedWithTheReason() throws IOException {
    at.drop("lib.jar", plugin("lib", "1.0.0"));
    at.drop("user.jar", plugin("user", "1.0.0"));
    at.roundsOver(TOGETHER);
    swapper.dependents.put("lib", List.of("user"));
    at.delete("lib.jar");
    at.roundsOver(QUIET);
    assertThat(swapper.version("lib")).isPresent();
    assertThat(at.reason("lib.jar"))
        .contains(
            "refused: the unload of lib",
            "it would strand user generation 2 (1.0.0)",
            "generation 1 (1.0.0) stays current");
    at.roundsOver(Duration.ofHours(1));
    assertThat(swapper.deeds).hasSize(2);
  }

  @Test
  void deletedTogetherTheDependentsGoFirst() throws IOException {
    at.drop("lib.jar", plugin("lib", "1.0.0"));
    at.drop("user.jar", plugin("user", "1.0.0"));
    at.roundsOver(TOGETHER);
    swapper.dependents.put("lib", List.of("user"));
    at.delete("lib.jar");
    at.delete("user.jar");
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).endsWith("unload user", "unload lib");
  }

  @Test
  void newNameForTheSameBytesChangesNothingAndIsTheOneToDelete() throws IOException {
    at.drop("rules-1.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    Files.move(at.folder.resolve("rules-1.jar"), at.folder.resolve("rules.jar"));
    at.roundsOver(QUIET);
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).containsExactly("swap rules-1.jar");
    at.delete("rules.jar");
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).endsWith("unload rules");
  }

  @Test
  void oldFileOfAPluginMayBeDeletedWhenAnotherHasTakenItsPlace() throws IOException {
    at.drop("rules-1.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.drop("rules-2.jar", plugin("rules", "2.0.0"));
    at.roundsOver(TOGETHER);
    at.delete("rules-1.jar");
    at.roundsOver(QUIET);
    assertThat(swapper.version("rules")).hasValue("2.0.0");
  }

  @Test
  void twoFilesOfTheSameBytesAreOneWishUntilTheLastIsDeleted() throws IOException {
    at.drop("a.jar", plugin("rules", "1.0.0"));
    at.drop("b.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.delete("a.jar");
    at.roundsOver(QUIET);
    assertThat(swapper.version("rules")).isPresent();
    at.delete("b.jar");
    at.roundsOver(QUIET);
    assertThat(swapper.version("rules")).isEmpty();
  }

  @Test
  void nothingIsUnloadedWhereTheWholeFolderGoesOrAnotherComesInItsPlace() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    Files.move(at.folder, parent.resolve("away"));
    at.roundsOver(Duration.ofHours(1));
    assertThat(swapper.version("rules")).isPresent();
    Files.createDirectory(at.folder);
    at.roundsOver(Duration.ofHours(1));
    assertThat(swapper.version("rules")).isPresent();
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).hasValue("2.0.0");
  }

  // ---- agreement with what others do

  @Test
  void afterARollbackTheFileIsLeftAloneAlsoByTheNextProcess() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    at.roundsOver(TOGETHER);
    swapper.rollback(ALICE, "rules");
    at.round(new Touched.Round(true, Set.of()));
    at.roundsOver(Duration.ofHours(1));
    at.restart();
    at.roundsOver(Duration.ofHours(1));
    assertThat(swapper.version("rules")).hasValue("1.0.0");
    assertThat(swapper.deeds).hasSize(2);
    at.delete("rules.jar"); // tidying up is no wish for an unload
    at.roundsOver(QUIET);
    assertThat(swapper.version("rules")).hasValue("1.0.0");
  }

  @Test
  void afterARollbackAnotherFileOfThePluginIsTaken() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    at.roundsOver(TOGETHER);
    swapper.rollback(ALICE, "rules");
    at.round();
    at.drop("rules.jar", plugin("rules", "2.0.1"));
    at.roundsOver(TOGETHER);
    assertThat(swapper.version("rules")).hasValue("2.0.1");
  }

  @Test
  void afterAnUnloadByHandTheFileIsLeftAloneAlsoByTheNextProcess() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    swapper.unload(ALICE, "rules");
    at.roundsOver(QUIET);
    at.restart();
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).containsExactly("swap rules.jar", "unload rules");
  }

  @Test
  void atStartWhatIsCurrentIsLeftAloneAndTheRestIsTaken() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.drop("clock.jar", plugin("clock", "1.0.0"));
    at.restart();
    at.round();
    assertThat(swapper.deeds).containsExactly("swap rules.jar", "swap clock.jar");
  }

  @Test
  void atStartWithoutAMemoryReceiptsTellWhatWasDone() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.drop("rules.jar", plugin("rules", "2.0.0"));
    at.roundsOver(TOGETHER);
    swapper.rollback(ALICE, "rules");
    at.delete(Memory.NAME);
    at.restart();
    at.roundsOver(QUIET);
    assertThat(swapper.version("rules")).hasValue("1.0.0");
  }

  @Test
  void hostThatRemembersNothingGetsEverythingOnceMore() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    FakeSwapper forgetful = new FakeSwapper();
    Attendance next = new Attendance(parent, forgetful);
    next.round();
    assertThat(forgetful.deeds).containsExactly("swap rules.jar");
  }

  @Test
  void whatWasDeletedWhileNobodyWatchedIsUnloadedAtStart() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.delete("rules.jar");
    at.restart();
    at.round();
    assertThat(swapper.deeds).endsWith("unload rules");
  }

  @Test
  void damagedMemoryIsGivenUpAndWhatIsCurrentStays() throws IOException {
    at.drop("rules.jar", plugin("rules", "1.0.0"));
    at.roundsOver(TOGETHER);
    at.write(Memory.NAME, Attendance.text("hotswap-watch 1\nTAKEN"));
    at.restart();
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).containsExactly("swap rules.jar");
    Files.move(
        at.folder.resolve("rules.jar"),
        parent.resolve("rules.jar"),
        StandardCopyOption.REPLACE_EXISTING);
    at.roundsOver(QUIET);
    assertThat(swapper.deeds).endsWith("unload rules");
  }
}
