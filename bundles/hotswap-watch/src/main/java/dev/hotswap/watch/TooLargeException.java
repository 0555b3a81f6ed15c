package dev.hotswap.watch;

import java.io.IOException;

/** More than is read of one file. */
final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1;

  TooLargeException(String reason) {
    super(reason);
  }
}
