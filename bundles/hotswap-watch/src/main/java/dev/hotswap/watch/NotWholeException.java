package dev.hotswap.watch;

/** A file ends too early, or what it says of itself does not fit: it may still be being written. */
final class NotWholeException extends Exception {
  private static final long serialVersionUID = 1;

  NotWholeException(String reason) {
    super(reason);
  }
}
