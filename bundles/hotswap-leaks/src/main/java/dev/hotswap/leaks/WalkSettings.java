package dev.hotswap.leaks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * What a heap walk may take, and where.
 *
 * @param folder where the dump is written, in a private folder of its own; it needs about twice as
 *     much room as the heap. Made, for this user only, where it is not there
 * @param time for how long the dump is read at most, without the writing of it
 * @param memory how much the reading may take, in bytes; what it reads is in the file cache of the
 *     system beside that
 * @param ownProcessFrom from this size of the dump on, in bytes, it is read in a process of its own
 * @param keep whether each dump is kept where it was written, for other tools
 */
public record WalkSettings(
    Path folder, Duration time, long memory, long ownProcessFrom, boolean keep) {
  private static final long MB = 1 << 20;
  // a JVM does not start with less
  private static final long LEAST_MEMORY = 16 * MB;

  public WalkSettings {
    folder = Objects.requireNonNull(folder, "folder").toAbsolutePath();
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException(
          "a heap walk needs some time, not " + time.toMillis() + " ms");
    }
    if (memory < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "a heap walk needs at least " + LEAST_MEMORY / MB + " MB of memory, not " + memory / MB);
    }
  }

  /**
   * The temp folder of the JVM, three minutes, 512 MB, a process from 256 MB on; not kept. Temp
   * folders may be in memory: name another one where there is one.
   */
  public static WalkSettings defaults() {
    return new WalkSettings(
        Path.of(System.getProperty("java.io.tmpdir")),
        Duration.ofMinutes(3),
        512 * MB,
        256 * MB,
        false);
  }

  public WalkSettings withFolder(Path other) {
    return new WalkSettings(other, time, memory, ownProcessFrom, keep);
  }

  public WalkSettings withTime(Duration other) {
    return new WalkSettings(folder, other, memory, ownProcessFrom, keep);
  }

  public WalkSettings withMemory(long other) {
    return new WalkSettings(folder, time, other, ownProcessFrom, keep);
  }

  public WalkSettings withOwnProcessFrom(long other) {
    return new WalkSettings(folder, time, memory, other, keep);
  }

  public WalkSettings withKeep(boolean other) {
    return new WalkSettings(folder, time, memory, ownProcessFrom, other);
  }
}
