package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.util.ResourceBundle;
import java.util.function.Consumer;

/**
 * Resource bundles of the generation's that the JDK has cached. Its references to them are soft and
 * nobody's omission, so nothing is told; but they would be there until memory is short.
 */
final class ResourceBundles implements Sweep {
  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    ResourceBundle.clearCache(own.loader());
  }
}
