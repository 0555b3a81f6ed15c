package dev.hotswap.leaks;

/** What is done about threads that a generation has left running. */
public enum ThreadPolicy {
  /** They are named, and run on. */
  REPORT,
  /** They are named and interrupted, and waited for during at most a second. */
  INTERRUPT
}
