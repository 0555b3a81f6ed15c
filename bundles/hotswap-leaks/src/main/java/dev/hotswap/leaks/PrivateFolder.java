package dev.hotswap.leaks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that nobody but this user may look into; deleted with all in it when closed. */
final class PrivateFolder implements AutoCloseable {
  private static final String PREFIX = "hotswap-heap-";

  private final Path path;

  private PrivateFolder(Path path) {
    this.path = path;
  }

  /**
   * @throws IOException where there can be none
   */
  static PrivateFolder in(Path parent) throws IOException {
    return new PrivateFolder(Files.createTempDirectory(parent, PREFIX, mode(parent)));
  }

  /**
   * Has the folder be there, for this user only where it was not.
   *
   * @throws IOException where it cannot be
   */
  static void require(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) { // it may be a link to one
      Files.createDirectories(folder, mode(folder));
    }
  }

  private static FileAttribute<?>[] mode(Path folder) {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  Path path() {
    return path;
  }

  /**
   * Moves a file of it to a private folder that stays, beside it.
   *
   * @return where it is now
   * @throws IOException where that does not work; it is deleted with the others then
   */
  Path keep(Path file) throws IOException {
    Path kept = in(path.getParent()).path.resolve(file.getFileName());
    return Files.move(file, kept, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(path)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
