package dev.hotswap.itest;

/** How often a state was lost without a swap. One thread tells, any thread asks. */
final class Losses {
  private volatile long begun;
  private volatile long done;

  void begin() {
    begun++;
  }

  void end() {
    done = begun;
  }

  /** Those of which the consequences may be there. */
  long begun() {
    return begun;
  }

  /** Those of which the consequences must be there. */
  long done() {
    return done;
  }
}
