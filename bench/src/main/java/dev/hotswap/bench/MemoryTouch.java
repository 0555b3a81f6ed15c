package dev.hotswap.bench;

import java.util.Random;

/**
 * What the machine itself takes to reach memory that was not used for some milliseconds, for
 * comparison: where a page is not at hand, as in a virtual machine in another one, whatever uses a
 * hundred of them waits, however little it computes.
 */
final class MemoryTouch {
  private static final int BYTES = 4 << 20;
  private static final int TOUCHES = 100;

  private final byte[] memory = new byte[BYTES];
  private final Random random = new Random(1);

  static String label() {
    return "touching " + TOUCHES + " bytes in " + (BYTES >> 20) + " MB, for comparison";
  }

  /** In nanoseconds. */
  long time() {
    long start = System.nanoTime();
    for (int i = 0; i < TOUCHES; i++) {
      memory[random.nextInt(BYTES)]++;
    }
    return System.nanoTime() - start;
  }
}
