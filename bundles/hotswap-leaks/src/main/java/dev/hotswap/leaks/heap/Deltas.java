package dev.hotswap.leaks.heap;

import java.util.Arrays;

/**
 * Rising positions within a segment, by their distances: mostly one byte for each. For one thread.
 */
final class Deltas {
  private static final int[] NONE = {};

  private byte[] bytes = new byte[4096];
  private int length;
  private int count;
  private int last;

  void add(int position) {
    if (length + 5 > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    int delta = position - last;
    while ((delta & ~0x7F) != 0) {
      bytes[length++] = (byte) (delta | 0x80);
      delta >>>= 7;
    }
    bytes[length++] = (byte) delta;
    last = position;
    count++;
  }

  int count() {
    return count;
  }

  /** What was added, packed; empties it. */
  byte[] pack() {
    byte[] packed = Arrays.copyOf(bytes, length);
    length = 0;
    count = 0;
    last = 0;
    return packed;
  }

  /** The positions, in an array of the right length. */
  static int[] unpack(byte[] packed) {
    int count = 0;
    for (byte one : packed) {
      count += one >= 0 ? 1 : 0;
    }
    if (count == 0) {
      return NONE;
    }
    int[] positions = new int[count];
    int position = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
      int shift = 0;
      int delta = 0;
      byte one;
      do {
        one = packed[at++];
        delta |= (one & 0x7F) << shift;
        shift += 7;
      } while (one < 0);
      position += delta;
      positions[i] = position;
    }
    return positions;
  }
}
