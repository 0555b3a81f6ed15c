package dev.hotswap.examples.rules;

import java.util.Map;
import java.util.Set;

/**
 * The state that an {@link ExemptionBook} hands from version to version. An older version reads
 * what it knows of it, and a newer one does without what is not there: so it goes up and down.
 *
 * @param inputs what is exempt
 * @param reasons why, where that is known; since version 2
 */
public record Exemptions(Set<Integer> inputs, Map<Integer, String> reasons) {
  public Exemptions {
    inputs = Set.copyOf(inputs);
    reasons = Map.copyOf(reasons);
  }

  /** Without reasons. */
  public static Exemptions of(Set<Integer> inputs) {
    return new Exemptions(inputs, Map.of());
  }
}
