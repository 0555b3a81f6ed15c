package dev.hotswap.gogo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a command reads and writes: a shell in this process, or a terminal at the other end of a
 * socket.
 */
interface Console {
  /** What the command has to say. */
  PrintStream out();

  /** Why it did not do what it was asked for. */
  PrintStream err();

  /** Whether {@link #out()} is a terminal: then it has colours, and can be written over. */
  boolean isTerminal();

  /** The columns of the terminal; 80 where there is none. */
  int width();

  /** The lines of the terminal; 24 where there is none. */
  int height();

  /** The file that a user means who is in another folder than this process. */
  Path resolve(String file);

  /** Who asks. */
  String user();

  /**
   * Waits for a sign to end.
   *
   * @return whether a key was pressed, or nobody is there any more; without a terminal there are no
   *     keys
   * @throws InterruptedException when the command is to end, as by Ctrl-C
   */
  boolean awaitKey(Duration limit) throws InterruptedException;
}
