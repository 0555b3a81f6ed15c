package dev.hotswap.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the file system says of a file, itself unread; a link is not followed.
 *
 * @param what kind of file it is
 * @param size in bytes
 * @param modified when its content was last written, as the file system was told
 * @param changed when anything of it was last changed, which nobody can set; empty where the file
 *     system does not say
 * @param key which file it is, whatever its name; empty where the file system does not say
 */
record Stamp(
    Kind what, long size, FileTime modified, Optional<FileTime> changed, Optional<Object> key) {
  /** Times of some file systems count in steps as long as this. */
  private static final Duration COARSEST = Duration.ofSeconds(2);

  enum Kind {
    FILE,
    FOLDER,
    LINK,
    OTHER
  }

  static Stamp of(Path file) throws IOException {
    BasicFileAttributes basic =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return new Stamp(
        kind(basic),
        basic.size(),
        basic.lastModifiedTime(),
        changed(file),
        Optional.ofNullable(basic.fileKey()));
  }

  private static Kind kind(BasicFileAttributes basic) {
    if (basic.isRegularFile()) {
      return Kind.FILE;
    }
    if (basic.isDirectory()) {
      return Kind.FOLDER;
    }
    return basic.isSymbolicLink() ? Kind.LINK : Kind.OTHER;
  }

  private static Optional<FileTime> changed(Path file) throws IOException {
    try {
      Map<String, Object> unix =
          Files.readAttributes(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
      return Optional.ofNullable((FileTime) unix.get("ctime"));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty(); // no such view, or no such attribute in it
    }
  }

  /**
   * Whether something was done to it after its content was last written, and so whoever wrote it
   * has finished: it was renamed, or given its times or rights, as tools do last.
   */
  boolean isFinished() {
    return changed.isPresent() && !changed.get().equals(modified);
  }

  /** When it was last touched, as far as the file system says. */
  Instant latest() {
    FileTime latest = changed.filter(time -> time.compareTo(modified) > 0).orElse(modified);
    return latest.toInstant();
  }

  /**
   * Whether an equal stamp means equal content, of what was read at that time. A write in the same
   * step of the clock leaves no trace, and one whose author sets the time back leaves one only
   * where the file system tells when it was changed.
   */
  boolean vouches(Instant readAt) {
    return changed.isPresent() && readAt.isAfter(changed.get().toInstant().plus(COARSEST));
  }
}
