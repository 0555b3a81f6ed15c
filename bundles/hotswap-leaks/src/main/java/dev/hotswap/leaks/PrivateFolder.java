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
    boolean posix = parent.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    return new PrivateFolder(Files.createTempDirectory(parent, PREFIX, attributes));
  }

  Path path() {
    return path;
  }

  /**
   * Moves a file of it to a private folder that stays, beside it.
   *
   * @throws IOException where that does not work; it is deleted with the others then
   */
  void keep(Path file) throws IOException {
    PrivateFolder kept = in(path.getParent());
    Files.move(file, kept.path.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
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
