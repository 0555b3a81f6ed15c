package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.util.function.Consumer;

/** Looks for one kind of thing that a generation may have left behind, and takes it back. */
@FunctionalInterface
interface Sweep {
  /**
   * Takes back whatever of its kind is the generation's own, and nothing else.
   *
   * @param found told of each thing that was found, in text
   */
  void undo(Own own, Consumer<Leftover> found);
}
