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
import java.util.zip.CRC32C;

/**
 * The file of a journal: a first line that says what it is and in which version, and then a line
 * for each entry, with its checksum before it. Lines are only ever added; the file is replaced as a
 * whole where it is written anew. {@code docs/journal.md} has the format. Used by one thread at a
 * time.
 */
final class JournalFile {
  private static final String KIND = "hotswap-journal ";
  private static final String FIRST_LINE = KIND + "1";

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
    List<String> lines = lines(bytes);
    if (lines.isEmpty() || !lines.get(0).equals(FIRST_LINE)) {
      throw JournalException.notOne(file, lines.isEmpty() ? "" : lines.get(0), KIND);
    }
    List<Entry> entries = new ArrayList<>();
    int whole = FIRST_LINE.length() + 1;
    for (int i = 1; i < lines.size(); i++) {
      Optional<Entry> entry = entry(lines.get(i));
      if (entry.isEmpty()) {
        requireEnd(lines, i);
        break;
      }
      entries.add(entry.get());
      whole += lines.get(i).length() + 1;
    }
    return new Content(entries, bytes.length - whole);
  }

  /** Those that are ended; what comes after the last end of a line never became one. */
  private static List<String> lines(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String ended = text.substring(0, text.lastIndexOf('\n') + 1);
    return List.of(ended.split("\n")).stream().filter(line -> !ended.isEmpty()).toList();
  }

  /** What follows a line that is damaged would not, had it been cut off while it was written. */
  private void requireEnd(List<String> lines, int damaged) {
    for (int i = damaged + 1; i < lines.size(); i++) {
      if (entry(lines.get(i)).isPresent()) {
        throw JournalException.damaged(file, damaged + 1);
      }
    }
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
