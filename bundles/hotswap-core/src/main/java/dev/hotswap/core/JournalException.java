package dev.hotswap.core;

import dev.hotswap.api.HotswapException;
import java.nio.file.Path;

/** A journal that cannot be gone by. It is left as it is, and so is what it speaks about. */
public final class JournalException extends HotswapException {
  private static final long serialVersionUID = 1L;
  private static final String NEXT =
      " Bring the file back from a copy; or move it away, and the host begins with nothing deployed"
          + " and drops the bytes in its store.";

  private JournalException(String message) {
    super(message);
  }

  static JournalException damaged(Path file, int line) {
    return new JournalException(
        "the journal "
            + file
            + " is damaged in line "
            + line
            + ", which no crash does: that only cuts the last line off; nothing was started and"
            + " nothing overwritten."
            + NEXT);
  }

  static JournalException unknown(Path file, String words) {
    return new JournalException(
        "the journal "
            + file
            + " has an entry that this Hotswap does not know ("
            + words
            + "); nothing was started and nothing overwritten."
            + NEXT);
  }

  static JournalException notOne(Path file, String firstLine, String kind) {
    String what =
        firstLine.startsWith(kind)
            ? " is of version "
                + firstLine.substring(kind.length())
                + ", and this Hotswap reads versions 1 and 2"
            : " does not begin as a journal does";
    return new JournalException(
        "the journal " + file + what + "; nothing was started and nothing overwritten." + NEXT);
  }
}
