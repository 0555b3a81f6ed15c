package dev.hotswap.core;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The file of a journal: a first line that says what it is and in which version, and then a line
 * for each entry, with its checksum before it. Lines are only ever added; the file is replaced as a
 * whole where it is written anew. {@code docs/journal.md} has the format. Used by one thread at a
 * time.
 */
final class JournalFile {
  private static final String KIND = "hotswap-journal ";
  private static final String FIRST_LINE = KIND + "2";

  /** All that stands in a file of version 1 means the same in one of version 2. */
  private static final Set<String> READABLE = Set.of(KIND + "1", FIRST_LINE);

  private final Path file;
  private final Disk disk;

  JournalFile(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  /**
   * What stands in it.
   *
   * @param entries all that are whole
   * @param cut how many bytes at its end are the beginning of one that is not
   */
  record Content(List<Entry> entries, int cut) {}

  /**
   * Empty where there is no file.
   *
   * @throws JournalException when it is damaged before its end, or of another version
   */
  Optional<Content> read() throws IOException {
    return Files.exists(file) ? Optional.of(read(Files.readAllBytes(file))) : Optional.empty();
  }

  private Content read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf('\n') + 1;
    List<String> lines = text.substring(0, end).lines().toList();
    if (lines.isEmpty() || !READABLE.contains(lines.get(0))) {
      throw JournalException.notOne(file, lines.isEmpty() ? "" : lines.get(0), KIND);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      int number = i + 1;
      entries.add(entry(lines.get(i)).orElseThrow(() -> JournalException.damaged(file, number)));
    }
    // an entry's end of line is the last that is written of it: only here may a crash cut one off
    Optional<Entry> last = entry(text.substring(end));
    last.ifPresent(entries::add);
    return new Content(entries, last.isPresent() ? 0 : bytes.length - end);
  }

  private Optional<Entry> entry(String line) {
    int space = line.indexOf(' ');
    String words = line.substring(space + 1);
    if (space < 0 || !line.substring(0, space).equals(checksum(words))) {
      return Optional.empty();
    }
    try {
      return Optional.of(EntryWords.parse(List.of(words.split(" "))));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw JournalException.unknown(file, words);
    }
  }

  private static String line(Entry entry) {
    String words = String.join(" ", entry.words());
    return checksum(words) + " " + words + "\n";
  }

  private static String checksum(String words) {
    CRC32C crc = new CRC32C();
    crc.update(words.getBytes(StandardCharsets.ISO_8859_1));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /** It is there after a crash, once this has returned; where it throws, nobody knows. */
  void append(Entry entry) throws IOException {
    write(disk.append(file), line(entry));
    disk.force(file);
  }

  /** The same, for a whole file in place of the one that is there. */
  void replace(List<Entry> entries) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    entries.forEach(entry -> text.append(line(entry)));
    write(disk.create(next), text.toString());
    disk.force(next);
    disk.rename(next, file);
    disk.force(file.getParent());
  }

  private static void write(OutputStream to, String text) throws IOException {
    try (to) {
      to.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
