package dev.hotswap.watch;

import java.time.Duration;

/**
 * How a folder is watched. A value.
 *
 * @param together how long after the last file that can be taken the others of the same drop may
 *     follow; what depends on each other is swapped in one set
 * @param quiet how long a file that is written in place has to stand still before it is looked at,
 *     and a file has to be away before it counts as deleted
 * @param patience how long a file that is not whole may stand still before it is refused: a stalled
 *     copy is not torn away from who writes it
 * @param rescan after how long the whole folder is looked at again, for what no event has told
 * @param events whether the file system is asked for events; without them the folder is looked at
 *     every {@code rescan} only
 */
public record WatchOptions(
    Duration together, Duration quiet, Duration patience, Duration rescan, boolean events) {
  /** What holds unless told otherwise: 20 ms, 500 ms, 10 s, 2 s, with events. */
  public static final WatchOptions DEFAULT =
      new WatchOptions(
          Duration.ofMillis(20),
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          true);

  public WatchOptions {
    requireNotNegative("together", together);
    requireNotNegative("quiet", quiet);
    requireNotNegative("patience", patience);
    if (rescan.isNegative() || rescan.isZero()) {
      throw new IllegalArgumentException("rescan is " + rescan + "; it must be above zero");
    }
  }

  private static void requireNotNegative(String name, Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(name + " is " + time + "; it must not be negative");
    }
  }

  public WatchOptions withTogether(Duration time) {
    return new WatchOptions(time, quiet, patience, rescan, events);
  }

  public WatchOptions withQuiet(Duration time) {
    return new WatchOptions(together, time, patience, rescan, events);
  }

  public WatchOptions withPatience(Duration time) {
    return new WatchOptions(together, quiet, time, rescan, events);
  }

  public WatchOptions withRescan(Duration time) {
    return new WatchOptions(together, quiet, patience, time, events);
  }

  public WatchOptions withEvents(boolean asked) {
    return new WatchOptions(together, quiet, patience, rescan, asked);
  }
}
