package dev.hotswap.core;

import java.util.Map;
import java.util.function.Predicate;

/**
 * Which services of a contract a handle goes by. Two filters of one text are the same filter.
 *
 * @param text what it is known by, and shown as, in a normal form
 * @param test asked about a service's properties under the world's lock: it must call no foreign
 *     code, not block, and throw nothing
 */
public record ServiceFilter(String text, Predicate<Map<String, Object>> test) {
  /** Lets every service pass. */
  public static final ServiceFilter ANY = new ServiceFilter("", properties -> true);

  boolean isAny() {
    return text.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceFilter filter && filter.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
