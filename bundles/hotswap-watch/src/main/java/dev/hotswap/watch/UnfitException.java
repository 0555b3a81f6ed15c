package dev.hotswap.watch;

import java.io.IOException;

/** A file is whole, or as much of it as is read, and of no use as it is; says what to do. */
final class UnfitException extends IOException {
  private static final long serialVersionUID = 1;

  private final String next;

  UnfitException(String reason, String next) {
    super(reason);
    this.next = next;
  }

  /** More than is read of one file. */
  static UnfitException tooLarge(String reason) {
    return new UnfitException(reason, "Drop a smaller file of that name.");
  }

  String next() {
    return next;
  }
}
