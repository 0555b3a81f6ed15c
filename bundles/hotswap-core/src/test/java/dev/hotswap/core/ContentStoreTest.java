package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for a bundle, and that of what is not nothing stays. */
class ContentStoreTest {
  private static final String MARK = "here one bit will flip";

  @TempDir Path folder;
  private ContentStore store;

  @BeforeEach
  void open() throws IOException {
    store = new ContentStore(Files.createDirectory(folder.resolve("store")));
  }

  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void oneFlippedBitIsRefused(int method) throws IOException {
    Path file = zip("Bundle-SymbolicName: greeter", entry("acme/Data.class", method, noise()));
    assertThat(store.take(file).plugin()).isEqualTo("greeter");
    byte[] bytes = Files.readAllBytes(file);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf(MARK)] ^= 1;
    Files.write(file, bytes);
    Refusal refusal = refused(file);
    assertThat(refusal).isInstanceOf(Refusal.UnreadableFile.class);
    assertThat(refusal.message())
        .contains("it is no whole zip archive (its entry acme/Data.class is damaged)");
  }

  @Test
  void foldersAndEmptyEntriesAreWhole() throws IOException {
    Path file =
        zip(
            "Bundle-SymbolicName: greeter",
            entry("acme/", ZipEntry.STORED, new byte[0]),
            entry("deflated/", ZipEntry.DEFLATED, new byte[0]),
            entry("acme/empty", ZipEntry.DEFLATED, new byte[0]));
    assertThat(store.take(file).plugin()).isEqualTo("greeter");
  }

  @Test
  void jarThatUnpacksToTooMuchIsRefused() throws IOException {
    store =
        new ContentStore(
            Files.createDirectory(folder.resolve("small")),
            Disk.PASSING,
            Journal.passing(),
            10_000);
    Entry half = entry("acme/half", ZipEntry.DEFLATED, new byte[6_000]);
    assertThat(store.take(zip("Bundle-SymbolicName: greeter", half)).plugin()).isEqualTo("greeter");
    Entry other = entry("acme/other", ZipEntry.DEFLATED, new byte[6_000]);
    assertThat(refused(zip("Bundle-SymbolicName: greeter", half, other)).message())
        .contains("it unpacks to more than 10000 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "acme/../../evil", "/evil", "..\\evil", "acme/.."})
  void entryThatLeadsOutOfTheJarIsRefused(String name) throws IOException {
    Entry entry = entry(name, ZipEntry.DEFLATED, noise());
    assertThat(refused(zip("Bundle-SymbolicName: greeter", entry)).message())
        .contains("its entry " + name + " leads out of it");
  }

  private Refusal refused(Path file) throws IOException {
    List<Path> before = stored();
    Refusal refusal =
        catchThrowableOfType(SwapRefusedException.class, () -> store.take(file)).refusal();
    assertThat(stored()).isEqualTo(before);
    return refusal;
  }

  /** Its last user goes while the disk is waited for: the bytes that come back are others. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesThatLeftWhileTheyWereForcedAreForcedAnewWhenTheyComeBack(boolean meanwhile)
      throws IOException {
    FaultyDisk disk = new FaultyDisk(0, FaultyDisk.Fault.ONCE);
    Path lasting = Files.createDirectory(folder.resolve("lasting"));
    store = new ContentStore(lasting, disk, Journal.passing());
    Path file = zip("Bundle-SymbolicName: greeter", entry("acme/a", ZipEntry.STORED, noise()));
    String sha256 = store.take(file).sha256();
    disk.atForce(
        () -> {
          store.release(sha256);
          if (meanwhile) {
            store.take(file);
          }
        });
    store.force(List.of(sha256));
    if (!meanwhile) {
      store.take(file);
    }

    disk.steps.clear();
    store.force(List.of(sha256));
    assertThat(disk.steps).contains("force " + sha256 + ".jar");

    disk.steps.clear();
    store.force(List.of(sha256));
    assertThat(disk.steps).isEmpty();
  }

  @Test
  void bytesThatAreNotThereAreNotNotedAsForced() throws IOException {
    FaultyDisk disk = new FaultyDisk(0, FaultyDisk.Fault.ONCE);
    Path lasting = Files.createDirectory(folder.resolve("lasting"));
    store = new ContentStore(lasting, disk, Journal.passing());
    Path file = zip("Bundle-SymbolicName: greeter", entry("acme/a", ZipEntry.STORED, noise()));
    String sha256 = store.take(file).sha256();
    store.release(sha256);
    store.force(List.of(sha256));

    store.take(file);
    disk.steps.clear();
    store.force(List.of(sha256));
    assertThat(disk.steps).contains("force " + sha256 + ".jar");
  }

  private List<Path> stored() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }

  private record Entry(ZipEntry header, byte[] content) {}

  /** Deflate keeps it as it is, since it cannot make it smaller. */
  private static byte[] noise() {
    byte[] content = new byte[4_000];
    new Random(1).nextBytes(content);
    byte[] mark = MARK.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(mark, 0, content, 1_000, mark.length);
    return content;
  }

  private static Entry entry(String name, int method, byte[] content) {
    ZipEntry header = new ZipEntry(name);
    header.setMethod(method);
    if (method == ZipEntry.STORED) {
      CRC32 crc = new CRC32();
      crc.update(content);
      header.setCrc(crc.getValue());
      header.setSize(content.length);
    }
    return new Entry(header, content);
  }

  private Path zip(String headers, Entry... entries) throws IOException {
    String manifest = "Manifest-Version: 1.0\r\n" + headers + "\r\n\r\n";
    Path file = folder.resolve("some.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      write(
          out,
          entry(
              "META-INF/MANIFEST.MF",
              ZipEntry.DEFLATED,
              manifest.getBytes(StandardCharsets.UTF_8)));
      for (Entry entry : entries) {
        write(out, entry);
      }
    }
    return file;
  }

  private static void write(ZipOutputStream out, Entry entry) throws IOException {
    out.putNextEntry(entry.header());
    out.write(entry.content());
    out.closeEntry();
  }
}
