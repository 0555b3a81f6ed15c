package dev.hotswap.host;

import dev.hotswap.core.ContentStore;
import dev.hotswap.core.Disk;
import dev.hotswap.core.FolderLock;
import dev.hotswap.core.FolderLockException;
import dev.hotswap.core.Journal;
import dev.hotswap.core.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where one host keeps its files: {@code lock}, {@code cache/} (the framework's), {@code store/}
 * (the bytes) and {@code journal} (what is current). The cache is scratch, and emptied at start; in
 * a temporary folder all of it is. The lock lies outside the cache, because the framework's own
 * lock does not keep a second process out.
 */
final class DataFolder implements AutoCloseable {
  private final Path folder;
  private final boolean temporary;
  private final FolderLock lock;
  private ContentStore store;

  private DataFolder(Path folder, boolean temporary, FolderLock lock) {
    this.folder = folder;
    this.temporary = temporary;
    this.lock = lock;
  }

  /**
   * Takes the folder for this host alone; a temporary one, deleted at close, where none is given.
   *
   * @param disk what is to last is written by it
   * @throws HostStartException when another host has it, it holds a {@code cache} or {@code store}
   *     that is not a host's, it cannot be written, or its journal cannot be gone by
   */
  static DataFolder open(Optional<Path> wanted, Disk disk) {
    try {
      Path folder =
          wanted.isPresent()
              ? Files.createDirectories(wanted.get().toAbsolutePath())
              : Files.createTempDirectory("hotswap-");
      FolderLock lock = FolderLock.take(folder, List.of("cache", "store"));
      return new DataFolder(folder, wanted.isEmpty(), lock).begun(disk);
    } catch (FolderLockException e) {
      throw new HostStartException(e.getMessage(), e);
    } catch (IOException | UncheckedIOException e) {
      throw new HostStartException(
          "the data folder "
              + wanted.map(Path::toString).orElse("in " + System.getProperty("java.io.tmpdir"))
              + " cannot be used: "
              + e
              + "; nothing was started. Name a folder that this user may write.",
          e);
    }
  }

  private DataFolder begun(Disk disk) throws IOException {
    try {
      deleteTree(cache());
      Files.createDirectory(cache());
      Path bytes = Files.createDirectories(folder.resolve("store"));
      store =
          temporary
              ? new ContentStore(bytes)
              : new ContentStore(bytes, disk, Journal.open(folder.resolve("journal"), disk));
      return this;
    } catch (JournalException e) {
      lock.close();
      throw new HostStartException(e.getMessage(), e);
    } catch (IOException | RuntimeException | Error e) {
      lock.close(); // or nobody in this process could ever have the folder again
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  Path cache() {
    return folder.resolve("cache");
  }

  ContentStore store() {
    return store;
  }

  @Override
  public void close() {
    try (lock) {
      deleteTree(cache());
      if (temporary) {
        deleteTree(folder);
      } else {
        store.discardUnnamed();
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
