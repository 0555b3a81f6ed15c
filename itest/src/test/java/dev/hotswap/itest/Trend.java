package dev.hotswap.itest;

import java.util.Locale;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * How a quantity goes with the number of swaps: the slope of the straight line with the least
 * squares, and its interval of 95 % confidence. Flat has to be shown: it is where the upper end of
 * that interval stays within the slack over the whole run, not where growth is merely not proved.
 * So noise can hide no leak; it can only keep a run from showing that there is none.
 */
final class Trend {
  private final String what;
  private final String unit;
  private final double scale;
  private final double slack;
  private final SimpleRegression line = new SimpleRegression();
  private long swaps;

  /**
   * @param unit what it is printed in
   * @param scale how much of the quantity is one of these
   * @param slack by how many of these it may grow in the whole run and still be flat: what the JVM
   *     itself goes on to compile and load
   */
  Trend(String what, String unit, double scale, double slack) {
    this.what = what;
    this.unit = unit;
    this.scale = scale;
    this.slack = slack;
  }

  String what() {
    return what;
  }

  String unit() {
    return unit;
  }

  double scaled(long quantity) {
    return quantity / scale;
  }

  void add(long swapsSoFar, long quantity) {
    swaps = swapsSoFar;
    line.addData(swapsSoFar / 1000.0, scaled(quantity));
  }

  private double slope() {
    return line.getSlope();
  }

  /** Half of the interval; none where every point lies on the line. */
  private double halfWidth() {
    double width = line.getSlopeConfidenceInterval();
    return Double.isNaN(width) ? 0 : width;
  }

  /** By how much it has grown in the whole run, if it did so as much as is credible. */
  double growthAtMost() {
    return (slope() + halfWidth()) * swaps / 1000.0;
  }

  /** By how much it has grown in the whole run, if it did so as little as is credible. */
  double growthAtLeast() {
    return (slope() - halfWidth()) * swaps / 1000.0;
  }

  boolean isFlat() {
    return growthAtMost() <= slack;
  }

  private String verdict() {
    if (isFlat()) {
      return "flat";
    }
    return growthAtLeast() > slack ? "GROWS" : "TOO NOISY TO SAY";
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-24s %+10.4f %s a thousand swaps, 95%% within [%+.4f, %+.4f]; in all at most %+.2f, may be"
            + " %.2f: %s",
        what,
        slope(),
        unit,
        slope() - halfWidth(),
        slope() + halfWidth(),
        growthAtMost(),
        slack,
        verdict());
  }
}
