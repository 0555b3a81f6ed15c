package dev.hotswap.examples.app;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run came to.
 *
 * @param swaps how many times one generation took the place of another
 * @param calls the callers' own count
 * @param started the host's count of calls that reached a generation
 * @param returned the host's count of calls that came back normally
 * @param failed calls that threw
 * @param stale calls that began after a swap had returned and were answered by older code
 * @param mixed calls that were answered by two generations
 * @param loaders class loaders of the plugin that live after garbage collection
 * @param mishaps whatever else went wrong, each in a sentence
 */
record Outcome(
    int swaps,
    long calls,
    long started,
    long returned,
    long failed,
    long stale,
    long mixed,
    int loaders,
    List<String> mishaps) {

  Outcome {
    mishaps = List.copyOf(mishaps);
  }

  /** The last line of the demo. */
  String line() {
    return "demo: swaps=%d calls=%d started=%d returned=%d failed=%d stale=%d mixed=%d loaders=%d"
        .formatted(swaps, calls, started, returned, failed, stale, mixed, loaders);
  }

  /** Every promise that did not hold, in words; empty when all did. */
  List<String> broken() {
    List<String> broken = new ArrayList<>(mishaps);
    require(broken, swaps > 0, "nothing was swapped");
    require(broken, calls > 0, "nothing was called");
    require(
        broken,
        started == calls,
        "the callers made " + calls + " calls, the host counted " + started);
    require(broken, returned == started, (started - returned) + " calls did not return normally");
    require(broken, failed == 0, failed + " calls failed");
    require(broken, stale == 0, stale + " calls were answered by older code");
    require(broken, mixed == 0, mixed + " calls were answered by two generations");
    require(broken, loaders == 1, loaders + " class loaders of the plugin live, not 1");
    return broken;
  }

  private static void require(List<String> broken, boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
    }
  }

  int exitCode() {
    return broken().isEmpty() ? 0 : 1;
  }
}
