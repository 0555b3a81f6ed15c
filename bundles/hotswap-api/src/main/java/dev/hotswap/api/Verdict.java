package dev.hotswap.api;

/**
 * What has become of the classes of a reclaimed generation: whether the JVM could unload them. It
 * goes from {@link #WATCHED} to one of the others, and from each of those to {@link #COLLECTED}. A
 * walk may find that what was {@link #HELD} is {@link #SOFTLY_HELD}, and a later one that those
 * soft references are gone: then it is {@link #WATCHED} again.
 */
public enum Verdict {
  /** Too early to say: the JVM has not looked often enough since. */
  WATCHED,
  /** The class loader is gone, and all classes and objects of the generation with it. */
  COLLECTED,
  /**
   * It could not be collected although the JVM has unloaded other classes since: something holds
   * it. {@link Leaks#why} finds out what, unless no dump shows it.
   */
  HELD,
  /** Only soft references lead to it: the JVM drops those before it runs out of memory. No leak. */
  SOFTLY_HELD
}
