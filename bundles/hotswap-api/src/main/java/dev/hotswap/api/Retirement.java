package dev.hotswap.api;

import java.time.Duration;
import java.util.List;

/**
 * How a generation left.
 *
 * @param generation the one that left
 * @param calls what became of its calls; exact
 * @param drain from the answer of its successor to the end of its last call
 * @param reclaim stop, uninstall and refresh together
 * @param keptBy the bundles that are still wired to its classes; empty when nothing is
 */
public record Retirement(
    Generation generation, Calls calls, Duration drain, Duration reclaim, List<String> keptBy) {
  public Retirement {
    keptBy = List.copyOf(keptBy);
  }
}
