package dev.hotswap.itest;

import java.util.Locale;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * How a quantity goes with the number of swaps: the slope of the straight line with the least
 * squares, and its interval of 95 % confidence.
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

  /** By how much it has grown in the whole run, if it did so as little as is credible. */
  double provenGrowth() {
    return (slope() - halfWidth()) * swaps / 1000.0;
  }

  boolean isFlat() {
    return provenGrowth() <= slack;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-24s %+10.4f %s a thousand swaps, 95%% within [%+.4f, %+.4f]: %s",
        what,
        slope(),
        unit,
        slope() - halfWidth(),
        slope() + halfWidth(),
        isFlat() ? "flat" : "GROWS");
  }
}
