package dev.hotswap.core;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A data folder that belongs to one host, until it is closed or the process ends, however it does:
 * the system's lock on the file {@code lock} in it, which has the number of the process that holds
 * it. It keeps out other processes, and other hosts of this one, whoever has loaded their classes.
 * Who takes it first may do as they like in the folder. Thread-safe.
 *
 * <p>A process that closes any file of that name gives up its lock with it (POSIX, {@code fcntl}),
 * also one that was opened only to be refused. So whoever comes is refused within the process
 * first, by a lock on a file of its own, {@code lock.jvm}; the JVM knows its locks by the file.
 */
public final class FolderLock implements AutoCloseable {
  private final FileChannel withinJvm;
  private final FileChannel file;

  private FolderLock(FileChannel withinJvm, FileChannel file) {
    this.withinJvm = withinJvm;
    this.file = file;
  }

  /**
   * Takes the folder.
   *
   * @param folder which is there
   * @param emptied what the host will delete things from, by name; where no host has had the folder
   *     before, these are somebody else's
   * @throws FolderLockException when another host has it, or one of those is there and is not a
   *     host's
   * @throws IOException when the folder cannot be written
   */
  public static FolderLock take(Path folder, List<String> emptied) throws IOException {
    requireOurs(folder, emptied);
    FileChannel withinJvm = open(folder.resolve("lock.jvm"));
    try {
      if (!isFirstWithinJvm(folder, withinJvm)) {
        throw FolderLockException.held(folder, holder(folder.resolve("lock")));
      }
      return new FolderLock(withinJvm, lock(folder));
    } catch (IOException | RuntimeException | Error e) {
      withinJvm.close(); // or nobody in this process could ever have the folder again
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel file = open(folder.resolve("lock"));
    try {
      if (file.tryLock() == null) {
        throw FolderLockException.held(folder, holder(file));
      }
      byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes(US_ASCII);
      file.truncate(0).write(ByteBuffer.wrap(pid), 0);
      return file;
    } catch (IOException | RuntimeException | Error e) {
      file.close(); // nobody in this process has it, whose lock would go
      throw e;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void requireOurs(Path folder, List<String> emptied) {
    boolean hadAHost =
        Stream.of("lock", "journal").map(folder::resolve).anyMatch(file -> Files.exists(file));
    for (String name : emptied) {
      if (!hadAHost && Files.exists(folder.resolve(name))) {
        throw FolderLockException.inTheWay(folder.resolve(name));
      }
    }
  }

  /** Answers false where another process has it: that is about to have {@code lock}, or has it. */
  private static boolean isFirstWithinJvm(Path folder, FileChannel withinJvm) throws IOException {
    try {
      return withinJvm.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      throw FolderLockException.held(folder, holder(ProcessHandle.current().pid()));
    }
  }

  private static String holder(long pid) {
    return " (process " + pid + ")";
  }

  private static String holder(Path file) throws IOException {
    try (FileChannel theirs = open(file)) {
      return holder(theirs);
    }
  }

  /** In words; nothing where it cannot be told. */
  private static String holder(FileChannel file) {
    try {
      ByteBuffer pid = ByteBuffer.allocate(20);
      file.read(pid, 0);
      String number = new String(pid.array(), 0, pid.position(), US_ASCII);
      return number.isEmpty() ? "" : holder(Long.parseLong(number));
    } catch (IOException | NumberFormatException e) {
      return ""; // a system on which a locked file cannot be read
    }
  }

  /**
   * Gives the folder back; the file stays, as a sign that a host has had the folder.
   *
   * @throws IOException when the system does not close the file; the lock is gone all the same
   */
  @Override
  public void close() throws IOException {
    try (withinJvm) {
      file.close();
    }
  }
}
