package dev.hotswap.watch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where files go that could not be used: {@code .refused/NAME}, and beside it {@code
 * NAME.reason.txt}. A newer refusal of a name takes the place of the older one; of more than {@link
 * #MOST} names the oldest are deleted. Used by one thread.
 */
final class RefusedFolder {
  static final String NAME = ".refused";
  static final int MOST = 100;
  private static final int LONGEST_STEM = 60; // of characters with up to three bytes
  private static final String REASON = ".reason.txt";

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
    List<String> lines =
        List.of(
            "refused: " + fault.what(),
            "when:    " + at,
            "why:     " + fault.why(),
            "now:     " + fault.state(),
            "next:    " + fault.next());
    Path reason = folder.resolve(stem(name) + REASON);
    delete(reason);
    Files.write(reason, lines);
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
      String name = reason.getFileName().toString();
      String stem = name.substring(0, name.length() - REASON.length());
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(folder, each -> isOf(stem, each.getFileName().toString()))) {
        for (Path file : files) {
          delete(file);
        }
      }
      delete(reason);
    }
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
