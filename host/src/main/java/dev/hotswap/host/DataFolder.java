package dev.hotswap.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where one host keeps its files: {@code lock}, {@code cache/} (the framework's) and {@code store/}
 * (the bytes of live generations), the latter two emptied at start. The lock lies outside the
 * cache, because the framework's own lock does not keep a second process out.
 */
final class DataFolder implements AutoCloseable {
  private final Path folder;
  private final boolean temporary;
  private final FileChannel lockFile;

  private DataFolder(Path folder, boolean temporary, FileChannel lockFile) {
    this.folder = folder;
    this.temporary = temporary;
    this.lockFile = lockFile;
  }

  /**
   * Takes the folder for this host alone; a temporary one, deleted at close, where none is given.
   *
   * @throws HostStartException when another host has it, or it cannot be written
   */
  static DataFolder open(Optional<Path> wanted) {
    try {
      Path folder =
          wanted.isPresent()
              ? Files.createDirectories(wanted.get().toAbsolutePath())
              : Files.createTempDirectory("hotswap-");
      return emptied(new DataFolder(folder, wanted.isEmpty(), lock(folder)));
    } catch (IOException e) {
      throw new HostStartException(
          "the data folder "
              + wanted.map(Path::toString).orElse("in " + System.getProperty("java.io.tmpdir"))
              + " cannot be used: "
              + e
              + "; nothing was started. Name a folder that this user may write.",
          e);
    }
  }

  private static DataFolder emptied(DataFolder data) throws IOException {
    try {
      for (Path part : List.of(data.cache(), data.store())) {
        deleteTree(part);
        Files.createDirectory(part);
      }
      return data;
    } catch (IOException e) {
      data.lockFile.close(); // or nobody in this process could ever have the folder again
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      // held by another host of this very process: refused below like any other's
    }
    if (lock == null) {
      file.close();
      throw new HostStartException(
          "another host uses the data folder "
              + folder
              + "; nothing was started. Stop that host, or name another folder.");
    }
    return file;
  }

  Path folder() {
    return folder;
  }

  Path cache() {
    return folder.resolve("cache");
  }

  Path store() {
    return folder.resolve("store");
  }

  @Override
  public void close() {
    try (lockFile) {
      deleteTree(cache());
      deleteTree(store());
      if (temporary) {
        deleteTree(folder);
      }
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(DataFolder.class)
          .warn("event=not-deleted folder={} reason={}", folder, e.toString());
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.notExists(root)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) { // a folder in it cannot be listed
      throw e.getCause();
    }
  }
}
