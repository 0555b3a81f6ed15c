package dev.hotswap.examples.rules;

/**
 * What one call came to: the data and a verdict.
 *
 * @param data the rules' data
 * @param verdict the rules' verdict
 */
public record Answer(RulesData data, Verdict verdict) {
  /** Whether data and verdict came from different service objects. */
  public boolean isMixed() {
    return !data.stamp().equals(verdict.stamp());
  }

  /**
   * Whether either came from a service object made before a moment of {@link System#nanoTime()}.
   */
  public boolean isOlderThan(long moment) {
    return data.stamp().isOlderThan(moment) || verdict.stamp().isOlderThan(moment);
  }
}
