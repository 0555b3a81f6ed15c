package dev.hotswap.leaks.heap;

/** Reads the records of the heap one after the other, in segments. For one thread. */
abstract class HeapRecords {
  static final int CLASS = 0x20;
  static final int INSTANCE = 0x21;
  static final int OBJECTS = 0x22;
  static final int PRIMITIVES = 0x23;

  final DumpBytes bytes;
  final int idSize;

  HeapRecords(DumpBytes bytes) {
    this.bytes = bytes;
    this.idSize = bytes.idSize();
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
    long at = segment.from();
    while (at < segment.to() && !isDone()) {
      at = record(at);
    }
    if (at > segment.to()) {
      throw new DamagedDumpException("a record of the heap lies across the end of its segment");
    }
  }

  private long record(long at) {
    int tag = bytes.u1(at);
    switch (tag) {
      case INSTANCE -> {
        long values = at + 1 + 2L * idSize + 8;
        long end = values + bytes.u4(values - 4);
        long id = bytes.id(at + 1);
        object(at, id);
        instance(at, id, bytes.id(at + 1 + idSize + 4), values);
        return end;
      }
      case OBJECTS -> {
        long elements = at + 1 + 2L * idSize + 8;
        long count = bytes.u4(at + 1 + idSize + 4);
        long id = bytes.id(at + 1);
        object(at, id);
        objects(at, id, bytes.id(elements - idSize), elements, count);
        return elements + count * idSize;
      }
      case PRIMITIVES -> {
        long count = bytes.u4(at + 1 + idSize + 4);
        int type = bytes.u1(at + 1 + idSize + 8);
        object(at, bytes.id(at + 1));
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
    long id = bytes.id(at + 1);
    long next = at + 1 + idSize;
    switch (tag) {
      case Root.UNKNOWN, Root.STICKY_CLASS, Root.MONITOR_USED -> root(new Root(tag, id, 0, 0));
      case Root.JNI_GLOBAL -> {
        root(new Root(tag, id, 0, 0));
        next += idSize;
      }
      case Root.JNI_LOCAL, Root.JAVA_FRAME -> {
        root(new Root(tag, id, bytes.u4(next), bytes.i4(next + 4)));
        next += 8;
      }
      case Root.NATIVE_STACK, Root.THREAD_BLOCK -> {
        root(new Root(tag, id, bytes.u4(next), -1));
        next += 4;
      }
      case Root.THREAD_OBJECT -> {
        root(new Root(tag, id, bytes.u4(next), bytes.u4(next + 4)));
        next += 8;
      }
      default ->
          throw new DamagedDumpException(
              "there is a record of the unknown kind " + tag + " in the heap");
    }
    return next;
  }
}
