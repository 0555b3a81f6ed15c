package dev.hotswap.api;

import java.time.Duration;
import java.util.List;

/**
 * How a generation left.
 *
 * @param generation the one that left
 * @param calls what became of its calls; exact, unless it was forced
 * @param inFlight how many of them were in flight when it let nobody in any more
 * @param drain from the answer of its successor to the end of its last call, or to the force; where
 *     callers were held for it, from then on; of what was published and then reversed or sent back
 *     from that moment on
 * @param holders who was still inside at the drain deadline, or when it was forced, as far as it is
 *     known; empty where it drained in time
 * @param reclaim stop, uninstall and refresh together; of what stands by the stop only
 * @param reclaimed its bundle, with its id, once that is stopped, uninstalled and refreshed; empty
 *     while it stands by, or others keep its classes
 * @param keptBy the bundles that were still wired to its classes after that; empty when nothing was
 */
public record Retirement(
    Generation generation,
    Calls calls,
    long inFlight,
    Duration drain,
    List<Holder> holders,
    Duration reclaim,
    List<String> reclaimed,
    List<String> keptBy) {
  public Retirement {
    holders = List.copyOf(holders);
    reclaimed = List.copyOf(reclaimed);
    keptBy = List.copyOf(keptBy);
  }

  /** Whether it was reclaimed although calls were inside. */
  public boolean forced() {
    return calls.inFlight() > 0;
  }
}
