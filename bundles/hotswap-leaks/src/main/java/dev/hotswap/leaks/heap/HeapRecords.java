package dev.hotswap.leaks.heap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads the records of the heap one after the other, in segments. For one thread. */
abstract class HeapRecords {
  static final int CLASS = 0x20;
  static final int INSTANCE = 0x21;
  static final int OBJECTS = 0x22;
  static final int PRIMITIVES = 0x23;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int WINDOW = 2 << 20;
  private static final int LONGEST = 8;

  final DumpBytes bytes;
  final int idSize;
  // a copy of the segment's beginning: read many times faster than what is mapped
  private byte[] window = {};
  private long windowFrom;
  private long windowLast = -1;

  HeapRecords(DumpBytes bytes) {
    this.bytes = bytes;
    this.idSize = bytes.idSize();
  }

  /** Has what is read next from the segment be read faster. */
  final void open(Outline.Segment segment) {
    int length = (int) Math.min(WINDOW, segment.to() - segment.from());
    if (window.length < length) {
      window = new byte[Math.max(length, WINDOW / 2)];
    }
    bytes.copy(segment.from(), window, length);
    windowFrom = segment.from();
    windowLast = length - LONGEST;
  }

  /** Has nothing be read faster: for a segment of which little is read. */
  final void openNot() {
    windowLast = -1;
  }

  final int u1(long at) {
    long in = at - windowFrom;
    return in >= 0 && in <= windowLast ? window[(int) in] & 0xFF : bytes.u1(at);
  }

  final int i4(long at) {
    long in = at - windowFrom;
    return in >= 0 && in <= windowLast ? (int) INT.get(window, (int) in) : bytes.i4(at);
  }

  final long u4(long at) {
    return i4(at) & 0xFFFF_FFFFL;
  }

  final long id(long at) {
    long in = at - windowFrom;
    return idSize == 8 && in >= 0 && in <= windowLast
        ? (long) LONG.get(window, (int) in)
        : bytes.id(at);
  }

  void root(Root root) {}

  void type(long at) {}

  /** Any object that is no class; told before it is told as an instance or as an array. */
  void object(long at, long id) {}

  /**
   * @param values where its values begin
   */
  void instance(long at, long id, long type, long values) {}

  /**
   * @param elements where its elements begin
   */
  void objects(long at, long id, long type, long elements, long count) {}

  /** Whether enough was read: the rest of the segment is skipped. */
  boolean isDone() {
    return false;
  }

  final void read(Outline.Segment segment) {
    open(segment);
    long at = segment.from();
    while (at < segment.to() && !isDone()) {
      at = record(at);
    }
    if (at > segment.to()) {
      throw new DamagedDumpException("a record of the heap lies across the end of its segment");
    }
  }

  /**
   * Reads the record there.
   *
   * @return where the next one is
   */
  final long record(long at) {
    int tag = u1(at);
    switch (tag) {
      case INSTANCE -> {
        long values = at + 1 + 2L * idSize + 8;
        long end = values + u4(values - 4);
        long id = id(at + 1);
        object(at, id);
        instance(at, id, id(at + 1 + idSize + 4), values);
        return end;
      }
      case OBJECTS -> {
        long elements = at + 1 + 2L * idSize + 8;
        long count = u4(at + 1 + idSize + 4);
        long id = id(at + 1);
        object(at, id);
        objects(at, id, id(elements - idSize), elements, count);
        return elements + count * idSize;
      }
      case PRIMITIVES -> {
        long count = u4(at + 1 + idSize + 4);
        int type = u1(at + 1 + idSize + 8);
        object(at, id(at + 1));
        return at + 1 + idSize + 9 + count * Types.size(type, idSize);
      }
      case CLASS -> {
        type(at);
        return ClassRecord.end(bytes, at);
      }
      default -> {
        return rootAt(at, tag);
      }
    }
  }

  private long rootAt(long at, int tag) {
    long id = id(at + 1);
    long next = at + 1 + idSize;
    switch (tag) {
      case Root.UNKNOWN, Root.STICKY_CLASS, Root.MONITOR_USED -> root(new Root(tag, id, 0, 0));
      case Root.JNI_GLOBAL -> {
        root(new Root(tag, id, 0, 0));
        next += idSize;
      }
      case Root.JNI_LOCAL, Root.JAVA_FRAME -> {
        root(new Root(tag, id, u4(next), i4(next + 4)));
        next += 8;
      }
      case Root.NATIVE_STACK, Root.THREAD_BLOCK -> {
        root(new Root(tag, id, u4(next), -1));
        next += 4;
      }
      case Root.THREAD_OBJECT -> {
        root(new Root(tag, id, u4(next), u4(next + 4)));
        next += 8;
      }
      default ->
          throw new DamagedDumpException(
              "there is a record of the unknown kind " + tag + " in the heap");
    }
    return next;
  }
}
