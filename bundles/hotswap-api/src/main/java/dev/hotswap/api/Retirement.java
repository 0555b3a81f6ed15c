package dev.hotswap.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
 * @param verdict what has become of its classes; empty until it is reclaimed, and where it never
 *     had any
 * @param leftovers what it had left behind in the JVM; empty until it is reclaimed
 */
public record Retirement(
    Generation generation,
    Calls calls,
    long inFlight,
    Duration drain,
    List<Holder> holders,
    Duration reclaim,
    List<String> reclaimed,
    List<String> keptBy,
    Optional<Verdict> verdict,
    List<Leftover> leftovers) {
  public Retirement {
    holders = List.copyOf(holders);
    reclaimed = List.copyOf(reclaimed);
    keptBy = List.copyOf(keptBy);
    leftovers = List.copyOf(leftovers);
  }

  /** One whose classes have not been looked at. */
  public Retirement(
      Generation generation,
      Calls calls,
      long inFlight,
      Duration drain,
      List<Holder> holders,
      Duration reclaim,
      List<String> reclaimed,
      List<String> keptBy) {
    this(
        generation,
        calls,
        inFlight,
        drain,
        holders,
        reclaim,
        reclaimed,
        keptBy,
        Optional.empty(),
        List.of());
  }

  /** The same, now that its bundle is reclaimed. */
  public Retirement withReclaimed(String bundle) {
    return with(List.of(bundle), verdict, leftovers);
  }

  /** The same, now that this has become of its classes. */
  public Retirement withVerdict(Verdict next) {
    return with(reclaimed, Optional.of(next), leftovers);
  }

  /** The same, now that it is known what it had left behind. */
  public Retirement withLeftovers(List<Leftover> found) {
    return with(reclaimed, verdict, found);
  }

  private Retirement with(
      List<String> bundles, Optional<Verdict> judged, List<Leftover> leftBehind) {
    return new Retirement(
        generation, calls, inFlight, drain, holders, reclaim, bundles, keptBy, judged, leftBehind);
  }

  /** Whether it was reclaimed although calls were inside. */
  public boolean forced() {
    return calls.inFlight() > 0;
  }
}
