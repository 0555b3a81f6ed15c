package dev.hotswap.watch;

import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Subscription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A folder with rounds that are done when a test says so, and what a test does to the folder. */
final class Attendance {
  static final WatchOptions OPTIONS = WatchOptions.DEFAULT;
  static final Duration TOGETHER = OPTIONS.together();
  static final Duration QUIET = OPTIONS.quiet();
  static final Duration PATIENCE = OPTIONS.patience();

  final Path folder;
  final FakeClock clock = new FakeClock();
  final FakeSwapper swapper;
  final FakeConfigurations configurations = new FakeConfigurations();
  final Counting reading = new Counting();
  private final Path beside;
  private Rounds rounds;
  private Subscription subscription = () -> {};

  /** What happens while a file is read. */
  interface Meanwhile {
    void reading(Path file) throws IOException;
  }

  /** Counts what is read. */
  static final class Counting extends Reading {
    int files;
    Meanwhile meanwhile = file -> {};

    Counting() {
      super(1 << 20);
    }

    @Override
    Content read(Path file) throws IOException, NotWholeException {
      files++;
      meanwhile.reading(file);
      return super.read(file);
    }
  }

  Attendance(Path parent, FakeSwapper swapper) throws IOException {
    this.folder = Files.createDirectories(parent.resolve("watch"));
    this.beside = Files.createDirectories(parent.resolve("beside"));
    this.swapper = swapper;
    restart();
  }

  /** As by a new process. */
  void restart() {
    subscription.close();
    rounds = new Rounds(folder, swapper, configurations, OPTIONS, clock, reading);
    subscription = swapper.subscribe(rounds::on);
  }

  /** The process ends, and what is done meanwhile nobody sees. */
  void leave() {
    subscription.close();
  }

  Quarantine quarantine() {
    return rounds.quarantine();
  }

  Duration round() {
    return rounds.round(Touched.Round.NOTHING);
  }

  Duration round(Touched.Round touched) {
    return rounds.round(touched);
  }

  /** Looks, has that much time pass, and looks again. */
  void roundsOver(Duration time) {
    round();
    clock.pass(time);
    round();
  }

  /** Renames a finished file into the folder. */
  void drop(String name, byte[] bytes) throws IOException {
    Path written = Files.write(beside.resolve(name), bytes);
    Files.setLastModifiedTime(written, FileTime.from(Instant.EPOCH)); // then its change is later
    Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** As whoever copies: into the folder itself, under the name itself. */
  void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  void delete(String name) throws IOException {
    Files.delete(folder.resolve(name));
  }

  boolean isThere(String name) {
    return Files.exists(folder.resolve(name), java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  boolean isRefused(String name) {
    return Files.exists(
        folder.resolve(".refused").resolve(name), java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  String reason(String name) throws IOException {
    return Files.readString(folder.resolve(".refused").resolve(name + ".reason.txt"));
  }

  static byte[] plugin(String name, String version, String... headers) throws IOException {
    String manifest =
        "Manifest-Version: 1.0\nBundle-SymbolicName: "
            + name
            + "\nBundle-Version: "
            + version
            + "\n"
            + (headers.length == 0 ? "" : String.join("\n", headers) + "\n")
            + "\n";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "META-INF/MANIFEST.MF", text(manifest));
      add(zip, "content", new byte[5_000]);
    }
    return bytes.toByteArray();
  }

  /** Uncompressed, so that the length tells nothing of the content. */
  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
