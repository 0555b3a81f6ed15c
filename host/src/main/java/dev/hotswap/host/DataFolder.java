package dev.hotswap.host;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.hotswap.core.ContentStore;
import dev.hotswap.core.Disk;
import dev.hotswap.core.Journal;
import dev.hotswap.core.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
 * Where one host keeps its files: {@code lock}, {@code cache/} (the framework's), {@code store/}
 * (the bytes) and {@code journal} (what is current). The cache is scratch, and emptied at start; in
 * a temporary folder all of it is. The lock lies outside the cache, because the framework's own
 * lock does not keep a second process out; it has the number of the process that holds it.
 */
final class DataFolder implements AutoCloseable {
  private final Path folder;
  private final boolean temporary;
  private final FileChannel lockFile;
  private ContentStore store;

  private DataFolder(Path folder, boolean temporary, FileChannel lockFile) {
    this.folder = folder;
    this.temporary = temporary;
    this.lockFile = lockFile;
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
      requireOurs(folder);
      return new DataFolder(folder, wanted.isEmpty(), lock(folder)).begun(disk);
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

  /** What lies in a host's cache and store is deleted, so they must be a host's. */
  private static void requireOurs(Path folder) {
    boolean hadAHost =
        Stream.of("lock", "journal").map(folder::resolve).anyMatch(file -> Files.exists(file));
    for (String name : List.of("cache", "store")) {
      if (!hadAHost && Files.exists(folder.resolve(name))) {
        throw new HostStartException(
            folder.resolve(name)
                + " is in the way: a host with that data folder would delete what is in it, and no"
                + " host has had the folder before; nothing was started, and nothing deleted. Name"
                + " an empty folder, or move it away.");
      }
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
      lockFile.close();
      throw new HostStartException(e.getMessage(), e);
    } catch (IOException | RuntimeException | Error e) {
      lockFile.close(); // or nobody in this process could ever have the folder again
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      // held by another host of this very process: refused below like any other's
    }
    if (lock == null) {
      String holder = holder(file);
      file.close();
      throw new HostStartException(
          "another host"
              + holder
              + " uses the data folder "
              + folder
              + "; nothing was started. Stop that host, or name another folder.");
    }
    byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes(US_ASCII);
    file.truncate(0).write(ByteBuffer.wrap(pid), 0);
    return file;
  }

  /** In words; nothing where it cannot be told. */
  private static String holder(FileChannel file) {
    try {
      ByteBuffer pid = ByteBuffer.allocate(20);
      file.read(pid, 0);
      String number = new String(pid.array(), 0, pid.position(), US_ASCII);
      return number.isEmpty() ? "" : " (process " + number + ")";
    } catch (IOException e) {
      return ""; // a system on which a locked file cannot be read
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
    try (lockFile) {
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
