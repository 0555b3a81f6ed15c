package dev.hotswap.gogo;

/** One thing that an operator can ask for. Thread-safe. */
interface Command {
  /** It did what it was asked for. */
  int DONE = 0;

  /** It was refused, or nothing came of it; {@link Console#err()} has the reason. */
  int REFUSED = 1;

  /** The command line makes no sense. */
  int NOT_UNDERSTOOD = 2;

  /** Whoever asked for it was interrupted, or has gone, before it was done: as of a shell. */
  int INTERRUPTED = 130;

  Syntax syntax();

  /**
   * @return its exit status
   * @throws dev.hotswap.api.HotswapException when it is refused; the message is for the user
   * @throws UsageException when the words make no sense
   * @throws InterruptedException when it was told to end before it was done
   */
  int run(Arguments given, Console console) throws InterruptedException;
}
