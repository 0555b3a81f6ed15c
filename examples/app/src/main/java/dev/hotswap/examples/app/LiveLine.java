package dev.hotswap.examples.app;

import dev.hotswap.api.Generation;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * The line that says what is happening: rewritten in place where the output can, else a new line
 * every second. One thread.
 */
final class LiveLine {
  private static final String ERASE = "\r\033[K";
  private static final Duration PLAIN_STEP = Duration.ofSeconds(1);

  private final PrintStream out;
  private final boolean live;
  private Moment last = new Moment(Duration.ZERO, null, 0, 0, 0);

  /**
   * What there is to show.
   *
   * @param at since the start
   * @param current which generation new calls reach
   * @param calls how many have come back
   * @param inFlight how many have not
   * @param swaps how many swaps there have been
   */
  record Moment(Duration at, Generation current, long calls, long inFlight, int swaps) {
    /** The line, with the rate of calls since an earlier moment; fits 80 columns. */
    String lineSince(Moment earlier) {
      double seconds = at.minus(earlier.at).toNanos() / 1e9;
      return String.format(
          Locale.ROOT,
          "%6.1f s  %-22s %,12.0f calls/s %3d in flight %4d swaps",
          at.toMillis() / 1e3,
          current.label(),
          seconds > 0 ? (calls - earlier.calls) / seconds : 0,
          inFlight,
          swaps);
    }
  }

  LiveLine(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
  }

  /**
   * Shows a moment. Without a terminal, moments less than a second after the last are passed over.
   */
  void show(Moment now) {
    if (live) {
      out.print(ERASE + now.lineSince(last));
      out.flush();
      last = now;
    } else if (now.at.minus(last.at).compareTo(PLAIN_STEP) >= 0) {
      out.println(now.lineSince(last));
      last = now;
    }
  }

  /** Prints a line that stays. */
  void say(String text) {
    out.println(live ? ERASE + text : text);
  }
}
