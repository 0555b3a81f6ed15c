package dev.hotswap.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * Where the log of a host without a terminal goes. Not {@code System.err}: Gogo puts a stream in
 * its place that leads to the session of whoever asks, and the lines of a swap would go to who has
 * asked for it, and nowhere else. Named in {@code stderr.xml}.
 */
public final class StandardError extends FileOutputStream {
  public StandardError() {
    super(FileDescriptor.err);
  }

  /** It is the process's, and stays open. */
  @Override
  public void close() {
    // what is written is written at once
  }
}
