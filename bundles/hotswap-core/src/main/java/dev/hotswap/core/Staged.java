package dev.hotswap.core;

import dev.hotswap.api.StateKeeper;
import dev.hotswap.api.SwapRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the framework holds of one generation. */
public interface Staged {
  /**
   * Starts it, by its own code. Its services are offered to the world as the generation's.
   *
   * @throws SwapRefusedException when it fails
   */
  void start(Subject subject);

  /**
   * Loads its classes, without initialising them, so that the first callers need not wait for that.
   * Returns once all are loaded or the limit is over; a class that cannot be loaded is left out.
   */
  void touch(Duration limit);

  /** Stops it; it can be started again. To be called when nobody is calling it any more. */
  void stop();

  /**
   * The service by which it gives and takes state, if it has registered one as such. To be called
   * where code of plugins may run.
   */
  Optional<StateKeeper> stateKeeper();

  /** From now on it is that generation: the one before stood by, and is started again. */
  void renumber(LiveGeneration generation);

  /**
   * Stops and uninstalls it. To be called when nobody is calling it any more. The framework then
   * forgets its classes, at once or when the last bundle that is wired to them has gone too.
   *
   * @throws InterruptedException when it was not waited for that the framework forgets them; it is
   *     uninstalled all the same
   */
  void remove() throws InterruptedException;

  /**
   * Its class loader, as long as it is not removed; empty where it has none. To be used on the
   * thread that asks, and not to be kept.
   */
  Optional<ClassLoader> loader();

  /** It in a few words, for the receipt: name, version, and the framework's number for it. */
  String label();

  /** Whether the framework allows one of its name only: then that one has to be removed first. */
  boolean isSingleton();

  /** Whether it is wired to what is no longer current, and was not brought up with it. */
  boolean isOutdated();

  /** What keeps it from offering services that it has declared, each in words. */
  List<String> unsatisfied();

  /** The bundles that are wired to its classes and so keep them after {@link #remove()}. */
  List<String> keptBy();
}
