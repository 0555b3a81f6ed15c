package dev.hotswap.core;

/** A step of a handover failed; the message says which, and why, in words. */
final class StepFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StepFailedException(String words) {
    super(words, null, false, false);
  }
}
