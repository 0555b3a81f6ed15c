package dev.hotswap.leaks.heap;

import java.lang.ref.WeakReference;

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

  /** A marker as a dump has it. */
  record Found(int number, String label, long loader) {
    static Found of(HeapObject object) {
      return new Found(object.getInt("number"), object.getText("label"), object.getId("referent"));
    }

    static boolean isOf(HeapObject object, long walk) {
      return object.getLong("walk") == walk;
    }
  }

  @Override
  public String toString() {
    return walk + "/" + number + " " + label;
  }
}
