package dev.hotswap.watch;

import dev.hotswap.api.Quarantine;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where files go that could not be used: {@code .refused/NAME}, and beside it {@code
 * NAME.reason.txt}. A newer refusal of a name takes the place of the older one; of more than {@link
 * #MOST} names the oldest are deleted. What it holds may be read by any thread, also by one of
 * another process; the rest is used by one thread.
 */
final class RefusedFolder implements Quarantine {
  static final String NAME = ".refused";
  static final int MOST = 100;
  private static final int LONGEST_STEM = 60; // of characters with up to three bytes
  private static final String REASON = ".reason.txt";

  private static final String WHAT = "refused: ";
  private static final String WHEN = "when:    ";
  private static final String WHY = "why:     ";
  private static final String STATE = "now:     ";
  private static final String NEXT = "next:    ";
  private static final Set<String> HEADS = Set.of(WHAT, WHEN, WHY, STATE, NEXT);

  private final Path folder;

  RefusedFolder(Path watched) {
    this.folder = watched.resolve(NAME);
  }

  /** Answers whether the file was moved; where it cannot be it stays, and is said so once. */
  boolean tryMove(Path file, Fault fault, Instant at) {
    String name = file.getFileName().toString();
    boolean moved = false;
    try {
      Files.createDirectories(folder);
      Path place = folder.resolve(name);
      delete(place);
      Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
      moved = true;
      note(name, fault, at);
      forgetOldest();
    } catch (IOException e) {
      Log.warn("event=not-moved file=" + file + " reason=" + e);
    }
    return moved;
  }

  /** The reason alone, of a file that is not there. */
  void tryNote(String name, Fault fault, Instant at) {
    try {
      Files.createDirectories(folder);
      note(name, fault, at);
    } catch (IOException e) {
      Log.warn("event=not-moved file=" + folder.resolve(name) + " reason=" + e);
    }
  }

  private void note(String name, Fault fault, Instant at) throws IOException {
    List<String> lines = new ArrayList<>();
    line(WHAT, fault.what(), lines);
    line(WHEN, at.toString(), lines);
    line(WHY, fault.why(), lines);
    line(STATE, fault.state(), lines);
    line(NEXT, fault.next(), lines);
    Path reason = folder.resolve(stem(name) + REASON);
    delete(reason);
    Path written = Files.write(folder.resolve(".reason"), lines);
    Files.move(written, reason, StandardCopyOption.ATOMIC_MOVE); // whoever reads it reads all of it
  }

  /** What an exception says may be several lines. */
  private static void line(String head, String text, List<String> lines) {
    String first = head;
    for (String part : text.split("\\R", -1)) {
      lines.add(first + part);
      first = " ".repeat(head.length());
    }
  }

  @Override
  public List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + REASON)) {
      for (Path reason : found) {
        tryRead(reason).ifPresent(cases::add);
      }
    } catch (NotDirectoryException | NoSuchFileException e) {
      return List.of(); // nothing was ever refused
    } catch (IOException | DirectoryIteratorException e) {
      Log.warn("event=quarantine-unreadable folder=" + folder + " reason=" + e);
    }
    cases.sort(Comparator.comparing(Case::at).reversed());
    return cases;
  }

  /** Empty where it has gone meanwhile, or is none of ours. */
  private Optional<Case> tryRead(Path reason) {
    try {
      Map<String, String> said = new HashMap<>();
      String head = "";
      for (String line : Files.readAllLines(reason)) {
        String begun = line.substring(0, Math.min(WHAT.length(), line.length()));
        head = HEADS.contains(begun) ? begun : head;
        String text = line.substring(begun.length());
        said.merge(head, text, (before, more) -> before + "\n" + more);
      }
      return Optional.of(
          new Case(
              said.getOrDefault(WHAT, ""),
              Instant.parse(said.getOrDefault(WHEN, "")),
              said.getOrDefault(WHY, ""),
              said.getOrDefault(STATE, ""),
              said.getOrDefault(NEXT, ""),
              file(reason)));
    } catch (IOException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Optional<Path> file(Path reason) throws IOException {
    List<Path> files = filesOf(stemOf(reason));
    return files.isEmpty() ? Optional.empty() : Optional.of(files.get(0));
  }

  /** A name that leaves room for the ending in what a file system takes. */
  private static String stem(String name) {
    return name.length() <= LONGEST_STEM
        ? name
        : name.substring(0, LONGEST_STEM) + "~" + Integer.toHexString(name.hashCode());
  }

  private void forgetOldest() throws IOException {
    List<Path> reasons = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + REASON)) {
      found.forEach(reasons::add);
    }
    reasons.sort(Comparator.comparing(RefusedFolder::writtenAt));
    for (Path reason : reasons.subList(0, Math.max(0, reasons.size() - MOST))) {
      for (Path file : filesOf(stemOf(reason))) {
        delete(file);
      }
      delete(reason);
    }
  }

  private static String stemOf(Path reason) {
    String name = reason.getFileName().toString();
    return name.substring(0, name.length() - REASON.length());
  }

  private List<Path> filesOf(String stem) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(folder, each -> isOf(stem, each.getFileName().toString()))) {
      found.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }

  private static boolean isOf(String stem, String name) {
    return !name.endsWith(REASON) && stem(name).equals(stem);
  }

  private static Instant writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (IOException e) {
      return Instant.MIN; // it has gone
    }
  }

  /** A folder with all that is in it. */
  private static void delete(Path root) throws IOException {
    if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> tree = Files.walk(root)) {
        for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      }
    }
    Files.deleteIfExists(root);
  }
}
