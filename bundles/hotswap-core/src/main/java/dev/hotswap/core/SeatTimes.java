package dev.hotswap.core;

/**
 * What was seen of the seats of one binding, from look to look. Used under the lock of its owner.
 */
final class SeatTimes {
  private final Pins pins;
  private final long[] seats;
  private final long[] since;
  private final boolean[] known; // whether the seat is taken, and since when
  private SeenCalls calls = new SeenCalls();

  /** From what is there now on. */
  SeatTimes(Pins pins) {
    this.pins = pins;
    this.seats = pins.seats();
    this.since = new long[seats.length];
    this.known = new boolean[seats.length];
  }

  /**
   * @param now in nanoseconds
   */
  void look(long now) {
    long[] next = pins.seats();
    for (int i = 0; i < next.length; i++) {
      if (next[i] != seats[i]) {
        calls.count(Pins.callsBetween(seats[i], next[i]));
        if (known[i]) {
          calls.saw(now - since[i]);
        }
        seats[i] = next[i];
        known[i] = false;
      }
      if (Pins.isTaken(next[i]) && !known[i]) {
        known[i] = true;
        since[i] = now;
      }
    }
  }

  /** What was seen since the last time, with the ages of the calls that are under way. */
  SeenCalls take(long now) {
    SeenCalls taken = calls;
    calls = new SeenCalls();
    for (int i = 0; i < seats.length; i++) {
      if (known[i]) {
        taken.count(1);
        taken.saw(now - since[i]);
      }
    }
    return taken;
  }
}
