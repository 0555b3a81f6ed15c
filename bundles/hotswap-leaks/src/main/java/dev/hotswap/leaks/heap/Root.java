package dev.hotswap.leaks.heap;

/**
 * Where the garbage collector begins.
 *
 * @param kind the tag of its record; see the constants
 * @param id the object
 * @param thread the serial number of a thread; 0 where there is none
 * @param frame of a thread's own root its trace; of one on a stack the number of the frame from the
 *     top, -1 where that is not known
 */
record Root(int kind, long id, long thread, long frame) {
  static final int JNI_GLOBAL = 0x01;
  static final int JNI_LOCAL = 0x02;
  static final int JAVA_FRAME = 0x03;
  static final int NATIVE_STACK = 0x04;
  static final int STICKY_CLASS = 0x05;
  static final int THREAD_BLOCK = 0x06;
  static final int MONITOR_USED = 0x07;
  static final int THREAD_OBJECT = 0x08;
  static final int UNKNOWN = 0xFF;

  /** No root of the dump: a class that cannot be unloaded, for its static fields. */
  static final int FOREVER = -1;

  /**
   * No root of the dump either: an object that is alive although nothing in the dump refers to it,
   * because fields of {@code java.lang.Class} are not dumped.
   */
  static final int FIELD_OF_CLASS = -2;

  static final int LONGEST_DELAY = 2;

  /** Threads and static fields tell a developer the most: others are only taken where shorter. */
  int delay() {
    return switch (kind) {
      case THREAD_OBJECT, FOREVER, STICKY_CLASS -> 0;
      case JNI_GLOBAL -> 1;
      default -> LONGEST_DELAY;
    };
  }

  boolean isOnStack() {
    return kind == JAVA_FRAME || kind == JNI_LOCAL || kind == NATIVE_STACK || kind == THREAD_BLOCK;
  }
}
