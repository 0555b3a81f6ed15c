package dev.hotswap.api;

import java.nio.file.Path;
import java.util.List;

/**
 * What operators do. Swaps are carried out one at a time, in the order in which they were asked
 * for; drains run on in the background. Thread-safe. May be called from inside a call on a plugin.
 */
public interface Swapper {
  /**
   * Brings the jar up beside what is current, moves every new call to it in one step, and returns
   * when a call through the handle has been answered by it. The old generation finishes its calls
   * and is then reclaimed, in the background.
   *
   * <p>A jar with the very bytes that are current changes nothing and says so in its receipt.
   *
   * @param jar an OSGi bundle; only read, and only before this method returns
   * @throws SwapRefusedException when it did not happen; what was current still is
   */
  Swap swap(Path jar);

  /**
   * Takes the plugin away: new calls on its contracts find another provider or wait out the
   * availability time; calls in flight finish, then it is reclaimed, in the background.
   *
   * @param plugin the bundle symbolic name
   * @throws SwapRefusedException when there is no such plugin
   */
  Swap unload(String plugin);

  /** What is deployed now. */
  Snapshot snapshot();

  /**
   * Who is inside a generation of the plugin that is to leave, and so keeps it from leaving: all
   * generations of that name together, at most 100 holders each. Empty where nobody is known to be,
   * or there is no such plugin; {@link Snapshot.Live#unnamed()} counts those who are not known.
   *
   * @param plugin the bundle symbolic name
   */
  List<Holder> holders(String plugin);

  /** Tells {@code listener} every event from now on, until the subscription is closed. */
  Subscription subscribe(SwapListener listener);
}
