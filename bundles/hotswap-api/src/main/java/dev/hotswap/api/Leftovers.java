package dev.hotswap.api;

import java.util.List;

/**
 * Takes back what a generation has left behind in the JVM. Asked once for each generation, when it
 * has been stopped and uninstalled. Thread-safe.
 */
@FunctionalInterface
public interface Leftovers {
  /** Looks for nothing. */
  Leftovers NONE = loader -> List.of();

  /**
   * Undoes what can be undone safely from outside, and names what cannot.
   *
   * @param loader the class loader of the generation; not kept
   * @return one for each thing that was found; text only
   */
  List<Leftover> undo(ClassLoader loader);
}
