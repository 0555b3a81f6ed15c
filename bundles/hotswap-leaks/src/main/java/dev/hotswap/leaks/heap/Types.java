package dev.hotswap.leaks.heap;

/** The types of fields and elements, as a dump numbers them. */
final class Types {
  static final int OBJECT = 2;

  private Types() {}

  /** How many bytes a value of the type has in the dump. */
  static int size(int type, int idSize) {
    return switch (type) {
      case OBJECT -> idSize;
      case 4, 8 -> 1;
      case 5, 9 -> 2;
      case 6, 10 -> 4;
      case 7, 11 -> 8;
      default -> throw new DamagedDumpException("there is a value of the unknown type " + type);
    };
  }
}
