package dev.hotswap.core;

import dev.hotswap.api.SwapRefusedException;
import java.util.List;

/** What the framework holds of one generation. */
public interface Staged {
  /**
   * Starts it, by its own code. Its services are offered to the world as the generation's.
   *
   * @throws SwapRefusedException when it fails
   */
  void start(Subject subject);

  /** Stops it; it can be started again. To be called when nobody is calling it any more. */
  void stop();

  /** From now on it is that generation: the one before stood by, and is started again. */
  void renumber(LiveGeneration generation);

  /**
   * Stops and uninstalls it. To be called when nobody is calling it any more. The framework then
   * forgets its classes, at once or when the last bundle that is wired to them has gone too.
   */
  void remove() throws InterruptedException;

  /** It in a few words, for the receipt: name, version, and the framework's number for it. */
  String label();

  /** Whether it is wired to what is no longer current, and was not brought up with it. */
  boolean isOutdated();

  /** What keeps it from offering services that it has declared, each in words. */
  List<String> unsatisfied();

  /** The bundles that are wired to its classes and so keep them after {@link #remove()}. */
  List<String> keptBy();
}
