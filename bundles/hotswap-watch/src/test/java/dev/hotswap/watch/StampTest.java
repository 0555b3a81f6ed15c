package dev.hotswap.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StampTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir Path folder;

  @Test
  void fileThatIsBeingWrittenIsNotFinishedAndOneWhoseTimesAreSetIs() throws IOException {
    Path file = Files.write(folder.resolve("a"), new byte[1]);
    assertThat(Stamp.of(file).isFinished()).isFalse();
    Files.setLastModifiedTime(file, FileTime.from(NOON));
    assertThat(Stamp.of(file).isFinished()).isTrue();
  }

  @Test
  void otherFileUnderTheNameHasAnotherStamp() throws IOException {
    Path file = Files.write(folder.resolve("a"), new byte[1]);
    Path next = Files.write(folder.resolve("b"), new byte[1]);
    Files.setLastModifiedTime(file, FileTime.from(NOON));
    Files.setLastModifiedTime(next, FileTime.from(NOON));
    Stamp before = Stamp.of(file);
    Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(Stamp.of(file)).isNotEqualTo(before);
    assertThat(Stamp.of(file).key()).isNotEqualTo(before.key());
  }

  @Test
  void stampVouchesForWhatWasReadLongAfterTheLastChangeOnly() {
    Stamp told = stamp(Optional.of(FileTime.from(NOON)));
    assertThat(told.vouches(NOON.plusSeconds(1))).isFalse();
    assertThat(told.vouches(NOON.plusSeconds(3))).isTrue();
    assertThat(stamp(Optional.empty()).vouches(NOON.plusSeconds(3))).isFalse();
  }

  private static Stamp stamp(Optional<FileTime> changed) {
    return new Stamp(Stamp.Kind.FILE, 1, FileTime.from(NOON), changed, Optional.empty());
  }
}
