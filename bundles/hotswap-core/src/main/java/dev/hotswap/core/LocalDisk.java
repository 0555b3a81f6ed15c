package dev.hotswap.core;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The disk of this machine. */
final class LocalDisk implements Disk {
  private final boolean forces;

  /**
   * @param forces whether anything is to outlive the process
   */
  LocalDisk(boolean forces) {
    this.forces = forces;
  }

  @Override
  public OutputStream create(Path file) throws IOException {
    return Files.newOutputStream(file);
  }

  @Override
  public OutputStream append(Path file) throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  @Override
  public void force(Path fileOrFolder) throws IOException {
    if (!forces) {
      return;
    }
    boolean folder = Files.isDirectory(fileOrFolder);
    if (folder && !fileOrFolder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return; // Windows opens no folders, and has no such step
    }
    boolean interrupted = Thread.interrupted();
    try {
      while (!tryForce(fileOrFolder, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
        interrupted = Thread.interrupted(); // it is set
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Answers false where an interrupt has closed the file meanwhile. */
  private static boolean tryForce(Path fileOrFolder, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrFolder, option)) {
      channel.force(true);
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void link(Path file, Path link) throws IOException {
    try {
      Files.createLink(link, file);
    } catch (UnsupportedOperationException e) { // a file system without hard links
      Files.copy(file, link);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }
}
