package dev.hotswap.leaks.heap;

import java.lang.ref.WeakReference;
import java.util.List;

/**
 * Marks a class loader, so that it is found in a dump: addresses are not known outside of one.
 * Alive while the dump is written; does not keep the loader.
 */
public final class Marker extends WeakReference<ClassLoader> {
  /** Of all markers of one walk the same. */
  private final long walk;

  private final int number;
  private final String label;

  /**
   * @param number which of the loaders of that walk
   * @param label whose loader it is
   */
  public Marker(ClassLoader loader, long walk, int number, String label) {
    super(loader);
    this.walk = walk;
    this.number = number;
    this.label = label;
  }

  /**
   * A marker as a dump has it.
   *
   * @param loader the identifier of the class loader; 0 where that has been collected
   */
  public record Found(int number, String label, long loader) {}

  /** The markers of one walk. */
  public static List<Found> in(Heap heap, long walk) {
    return heap.markers().stream()
        .filter(marker -> marker.getLong("walk") == walk)
        .map(
            marker ->
                new Found(
                    marker.getInt("number"), marker.getText("label"), marker.getId("referent")))
        .toList();
  }

  @Override
  public String toString() {
    return walk + "/" + number + " " + label;
  }
}
