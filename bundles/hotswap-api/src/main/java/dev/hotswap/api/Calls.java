package dev.hotswap.api;

/**
 * What became of the calls that one generation was given. A lease counts as one call that returns
 * when it is closed. While calls are in flight the three numbers are read one after the other and
 * may be a call apart; once the generation is drained they are exact, and {@code started = returned
 * + threw}.
 *
 * @param started calls that reached the generation
 * @param returned calls that came back normally
 * @param threw calls that came back with an exception of the plugin or of the caller's own code
 */
public record Calls(long started, long returned, long threw) {
  /** No calls at all. */
  public static final Calls NONE = new Calls(0, 0, 0);

  /** Calls that have started and not yet come back; never negative. */
  public long inFlight() {
    return Math.max(0, started - returned - threw);
  }

  /** The sum of both, number by number. */
  public Calls plus(Calls other) {
    return new Calls(started + other.started, returned + other.returned, threw + other.threw);
  }
}
