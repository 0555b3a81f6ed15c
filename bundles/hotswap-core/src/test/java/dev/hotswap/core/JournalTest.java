package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was recorded is read again, whatever has become of the end of the file. */
class JournalTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  private static final Asked ANA = new Asked("ana", "");

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("journal");
  }

  private Journal open() throws IOException {
    return Journal.open(file(), Disk.LASTING);
  }

  private static Generation generation(String plugin, long number) {
    return new Generation(plugin, number, "1.0." + number + " \"100 %\" #é>", DIGEST);
  }

  private static Pasts.Past swap(String plugin, long number) {
    Optional<Generation> before =
        number == 1 ? Optional.empty() : Optional.of(generation(plugin, number - 1));
    return new Pasts.Past(List.of(new Pasts.Part(before, generation(plugin, number))));
  }

  private static Entry swapped(Pasts.Past past) {
    return new Entry.Swapped(past, Optional.of(ANA));
  }

  /** As the asker of a swap is by Ctrl-C: an interrupt closes a channel on which one writes. */
  @Test
  void whoIsInterruptedWritesAllTheSame() throws IOException {
    Journal journal = open();
    Thread.currentThread().interrupt();
    try {
      journal.commit(swapped(swap("a", 1)));
      journal.close();
    } finally {
      assertThat(Thread.interrupted()).as("kept").isTrue();
    }
    assertThat(open().state().current()).containsKey("a");
  }

  /** One of each kind, after which nothing is as it was before. */
  private static List<Entry> entries() {
    Pasts.Past both =
        new Pasts.Past(
            List.of(
                new Pasts.Part(Optional.of(generation("a", 2)), generation("a", 3)),
                new Pasts.Part(Optional.empty(), generation("c", 1))));
    return List.of(
        new Entry.Numbers("a", 16),
        swapped(swap("a", 1)),
        swapped(swap("a", 2)),
        swapped(swap("b", 1)),
        swapped(both),
        new Entry.Undone(
            List.of(both, swap("a", 2)),
            List.of(generation("a", 4)),
            List.of(generation("c", 1)),
            Optional.of(new Asked("bo & co", "2 #s > 1, \"100 %\" é"))),
        new Entry.Wished(new Asked("", ""), List.of(generation("d", 2), generation("d", 1))),
        new Entry.Past(swap("d", 2)),
        new Entry.Current(List.of(generation("d", 2))),
        new Entry.Gone(generation("b", 1)),
        new Entry.Offered("a", "f".repeat(64)),
        new Entry.Seen("e", DIGEST),
        new Entry.Starting(List.of(generation("a", 4), generation("d", 2)), List.of()),
        new Entry.Starting(List.of(generation("a", 4)), List.of(generation("d", 2))));
  }

  private static Deployment sum(List<Entry> entries) {
    Deployment sum = Deployment.NONE;
    for (Entry entry : entries) {
      sum = entry.on(sum);
    }
    return sum;
  }

  @Test
  void everyEntryIsReadAsItWasWritten() throws IOException {
    Journal journal = open();
    for (Entry entry : entries()) {
      journal.commit(entry);
    }

    Deployment read = open().state();

    assertThat(read).isEqualTo(sum(entries()));
    assertThat(read.current().values()).containsExactly(generation("a", 4), generation("d", 2));
    assertThat(read.pasts().last("a").orElseThrow().parts())
        .containsExactly(new Pasts.Part(Optional.empty(), generation("a", 4)));
    assertThat(read.asked(generation("a", 4)))
        .contains(new Asked("bo & co", "2 #s > 1, \"100 %\" é"));
    assertThat(read.asked(generation("d", 2))).contains(new Asked("", ""));
    assertThat(read.asked(generation("b", 1))).contains(ANA);
    assertThat(read.died(generation("a", 4))).isEqualTo(2);
    assertThat(read.died(generation("d", 2))).isZero();
    assertThat(read.hasSeen("a", "f".repeat(64))).isTrue();
    assertThat(read.hasSeen("b", "f".repeat(64))).isFalse();
    assertThat(open().state()).as("written anew").isEqualTo(read);
  }

  /** At each byte of the last entry. */
  @Test
  void entryThatIsNotWholeIsCutWhereverItEnds() throws IOException {
    Journal journal = open();
    journal.commit(swapped(swap("a", 1)));
    int whole = (int) Files.size(file());
    journal.commit(swapped(swap("a", 2)));
    byte[] bytes = Files.readAllBytes(file());

    for (int length = whole; length < bytes.length - 1; length++) {
      Files.write(file(), Arrays.copyOf(bytes, length));
      assertThat(open().state().current().get("a"))
          .as("%d bytes", length)
          .isEqualTo(generation("a", 1));
    }

    Files.write(file(), Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(open().state().current().get("a"))
        .as("its end of line")
        .isEqualTo(generation("a", 2));
    Files.write(file(), bytes);
    assertThat(open().state().current().get("a")).isEqualTo(generation("a", 2));
  }

  /** Where power is lost, the end may be there without its bytes. */
  @Test
  void preparedEntryIsWorkedOutAnewWhereSomethingElseHasComeFirst() throws IOException {
    Journal journal = open();
    Journal.Prepared prepared = journal.prepare(swapped(swap("a", 1)));
    journal.commit(swapped(swap("b", 1)));

    journal.commit(prepared);

    assertThat(journal.state().current()).containsOnlyKeys("a", "b");
    assertThat(open().state()).isEqualTo(journal.state());
  }

  @Test
  void emptinessAtTheEndIsCut() throws IOException {
    open().commit(swapped(swap("a", 1)));
    byte[] bytes = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(bytes, bytes.length + 5_000));

    assertThat(open().state().current()).containsOnlyKeys("a");
    assertThat(file()).content().doesNotContain("\0");
  }

  /** In the last entry too. */
  @Test
  void damageBeforeTheEndIsRefusedAndNothingIsTouched() throws IOException {
    Journal journal = open();
    journal.commit(swapped(swap("a", 1)));
    journal.commit(swapped(swap("a", 2)));
    byte[] bytes = Files.readAllBytes(file());

    for (int bit = 0; bit < 8 * (bytes.length - 1); bit += 5) {
      byte[] damaged = bytes.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file(), damaged);
      assertThatThrownBy(this::open)
          .as("bit %d", bit)
          .isInstanceOf(JournalException.class)
          .hasMessageContainingAll(file().toString(), "nothing overwritten", "Bring the file back");
      assertThat(Files.readAllBytes(file())).isEqualTo(damaged);
      assertThat(folder).isDirectoryContaining(path -> path.equals(file()));
    }
  }

  /** As the host before this one wrote it, who did not note who asked. */
  @Test
  void journalOfVersionOneIsReadAndWrittenAnew() throws IOException {
    String one = "a#1#1.0.0#" + DIGEST;
    String two = "a#2#2.0.0#" + DIGEST;
    Files.writeString(
        file(),
        "hotswap-journal 1\n"
            + line("numbers a 16")
            + line("swapped none>" + one)
            + line("swapped " + one + ">" + two)
            + line("undone swap " + one + ">" + two + " back a#3#1.0.0#" + DIGEST + " gone"));

    Deployment read = open().state();

    assertThat(read.current().get("a")).isEqualTo(new Generation("a", 3, "1.0.0", DIGEST));
    assertThat(read.wishes()).isEmpty();
    assertThat(file()).content().startsWith("hotswap-journal 2\n");
    assertThat(open().state()).isEqualTo(read);
  }

  private static String line(String words) {
    CRC32C crc = new CRC32C();
    crc.update(words.getBytes());
    return HexFormat.of().toHexDigits((int) crc.getValue()) + " " + words + "\n";
  }

  @Test
  void wishesAreForgottenWithWhatCanBeGoneBackTo() throws IOException {
    Journal journal = open();
    journal.keep(1);
    journal.commit(swapped(swap("a", 1)));
    journal.commit(swapped(swap("a", 2)));
    assertThat(journal.state().wishes()).hasSize(2);

    journal.commit(swapped(swap("a", 3)));

    assertThat(journal.state().wishes().keySet())
        .containsExactlyInAnyOrder(generation("a", 2), generation("a", 3));
  }

  @Test
  void journalOfALaterVersionIsRefused() throws IOException {
    Files.writeString(file(), "hotswap-journal 3\n");

    assertThatThrownBy(this::open)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("is of version 3, and this Hotswap reads versions 1 and 2");
  }

  @Test
  void entryOfAnUnknownKindIsRefused() throws IOException {
    open();
    Files.writeString(file(), line("frobbed a"), StandardOpenOption.APPEND);

    assertThatThrownBy(this::open)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("does not know (frobbed a)");
  }

  @Test
  void fileIsWrittenAnewWhenItHasGrownLong() throws IOException {
    Journal journal = open();
    journal.keep(2);
    for (int i = 1; i <= Journal.MOST + 1; i++) {
      journal.commit(swapped(swap("a", i)));
    }
    long grown = Files.size(file());
    Deployment before = journal.state();

    journal.tidy();

    assertThat(Files.size(file())).isLessThan(grown / 2);
    assertThat(open().state()).isEqualTo(before);
    assertThat(before.pasts().all()).hasSize(2);
    assertThat(before.seen().get("a")).hasSize(1);
  }

  @Test
  void numbersRiseOverACleanEndAndOverACrash() throws IOException {
    Journal journal = open();
    assertThat(journal.number("a")).isEqualTo(1);
    assertThat(journal.number("a")).isEqualTo(2);
    journal.close();
    journal = open();
    assertThat(journal.number("a")).as("none is left out").isEqualTo(3);

    assertThat(open().number("a")).as("none is given twice").isGreaterThan(3);
  }

  /** Whichever step fails, what is on the disk is what the caller was told. */
  @Test
  void commitThatFailsIsAsIfItHadNotBeenTried() throws IOException {
    for (int at = 6; ; at++) { // to open takes five steps
      Files.deleteIfExists(file());
      FaultyDisk disk = new FaultyDisk(at, FaultyDisk.Fault.ONCE);
      Journal journal = Journal.open(file(), disk);
      List<Generation> committed = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        try {
          journal.commit(swapped(swap("p" + i, 1)));
          committed.add(generation("p" + i, 1));
        } catch (IOException e) {
          assertThat(journal.state().current().values()).containsExactlyElementsOf(committed);
        }
      }
      assertThat(open().state().current().values())
          .as("step %d: %s", at, disk.steps)
          .containsExactlyElementsOf(committed);
      if (!disk.hasFailed()) {
        break;
      }
      assertThat(committed).hasSize(2);
    }
  }

  @Test
  void noteThatFailsIsCaughtUpWith() throws IOException {
    FaultyDisk disk = new FaultyDisk(7, FaultyDisk.Fault.ONCE);
    Journal journal = Journal.open(file(), disk);
    journal.note(new Entry.Current(List.of(generation("a", 1))));
    assertThat(disk.hasFailed()).isTrue();

    assertThat(open().state().current()).containsOnlyKeys("a");
  }

  @Test
  void whatIsTakenBackHasNotBeen() throws IOException {
    Journal journal = open();
    journal.commit(swapped(swap("a", 1)));
    journal.commit(new Entry.Current(List.of(generation("b", 1))));
    Journal.Commit commit = journal.commit(swapped(swap("a", 2)));
    journal.note(new Entry.Gone(generation("b", 1)));

    journal.takeBack(commit);

    assertThat(journal.state().current().values()).containsExactly(generation("a", 1));
    assertThat(journal.state().pasts().last("a")).contains(swap("a", 1));
    assertThat(open().state()).isEqualTo(journal.state());
  }

  @Test
  void nothingIsWrittenAfterTheClose() throws IOException {
    Journal journal = open();
    journal.close();
    byte[] bytes = Files.readAllBytes(file());

    journal.note(new Entry.Current(List.of(generation("a", 1))));
    journal.tidy();
    assertThatThrownBy(() -> journal.commit(new Entry.Current(List.of(generation("a", 1)))))
        .isInstanceOf(IOException.class);

    assertThat(Files.readAllBytes(file())).isEqualTo(bytes);
  }
}
