package dev.hotswap.core;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Everything that the journal and the content store change on a disk, so that a test can have each
 * step of it fail. What is written, renamed or deleted is lasting, also when the machine loses its
 * power, once it has been {@linkplain #force forced}: a file for its bytes, a folder for the names
 * in it. Thread-safe.
 */
public interface Disk {
  /** Where nothing outlives the process: to force does nothing. */
  Disk PASSING = new LocalDisk(false);

  /** Where what was forced is there after a crash. */
  Disk LASTING = new LocalDisk(true);

  /** To write a file from its beginning, whether it is there or not. */
  OutputStream create(Path file) throws IOException;

  /** To write on at the end of a file that is there. */
  OutputStream append(Path file) throws IOException;

  /** Returns when a file or a folder is on the disk as it is now. */
  void force(Path fileOrFolder) throws IOException;

  /** In one step; what had the new name is gone. */
  void rename(Path from, Path to) throws IOException;

  /** One more name for a file; a copy, where the file system knows no such links. */
  void link(Path file, Path link) throws IOException;

  /** Deletes a file, if it is there. */
  void delete(Path file) throws IOException;
}
