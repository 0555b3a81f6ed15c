package dev.hotswap.api;

import java.time.Duration;
import java.util.List;

/**
 * How a generation left.
 *
 * @param generation the one that left
 * @param calls what became of its calls; exact, unless it was forced
 * @param drain from the answer of its successor to the end of its last call, or to the force
 * @param reclaim stop, uninstall and refresh together
 * @param keptBy the bundles that are still wired to its classes; empty when nothing is
 */
public record Retirement(
    Generation generation, Calls calls, Duration drain, Duration reclaim, List<String> keptBy) {
  public Retirement {
    keptBy = List.copyOf(keptBy);
  }

  /** Whether it was reclaimed although calls were inside. */
  public boolean forced() {
    return calls.inFlight() > 0;
  }
}
