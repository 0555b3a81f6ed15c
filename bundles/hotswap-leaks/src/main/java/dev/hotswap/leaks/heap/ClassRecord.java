package dev.hotswap.leaks.heap;

/** How the record of a class is laid out: constants, static fields, fields. */
final class ClassRecord {
  /** Gets what a class refers to. */
  interface Visitor {
    /**
     * @param name the identifier of a static field's name; 0 for what is no field
     */
    void refers(long id, long name);
  }

  private ClassRecord() {}

  // tag, class, stack, super, loader, signers, protection domain, two reserved, instance size
  private static long constants(DumpBytes bytes, long at) {
    return at + 1 + 7L * bytes.idSize() + 4 + 4;
  }

  private static long statics(DumpBytes bytes, long at) {
    long next = constants(bytes, at);
    int count = bytes.u2(next);
    next += 2;
    for (int i = 0; i < count; i++) {
      next += 3 + Types.size(bytes.u1(next + 2), bytes.idSize());
    }
    return next;
  }

  /** Where the number of its fields is. */
  static long fields(DumpBytes bytes, long at) {
    long next = statics(bytes, at);
    int count = bytes.u2(next);
    next += 2;
    for (int i = 0; i < count; i++) {
      next += bytes.idSize() + 1 + Types.size(bytes.u1(next + bytes.idSize()), bytes.idSize());
    }
    return next;
  }

  /** Where the record ends. */
  static long end(DumpBytes bytes, long at) {
    long next = fields(bytes, at);
    return next + 2 + (long) bytes.u2(next) * (bytes.idSize() + 1);
  }

  /** Visits its superclass, loader, signers, domain, constants and static fields. */
  static void visit(DumpBytes bytes, long at, Visitor visitor) {
    int idSize = bytes.idSize();
    for (int i = 0; i < 4; i++) {
      visitor.refers(bytes.id(at + 1 + idSize + 4 + (long) i * idSize), 0);
    }
    long next = constants(bytes, at);
    int count = bytes.u2(next);
    next += 2;
    for (int i = 0; i < count; i++) {
      int type = bytes.u1(next + 2);
      if (type == Types.OBJECT) {
        visitor.refers(bytes.id(next + 3), 0);
      }
      next += 3 + Types.size(type, idSize);
    }
    count = bytes.u2(next);
    next += 2;
    for (int i = 0; i < count; i++) {
      int type = bytes.u1(next + idSize);
      if (type == Types.OBJECT) {
        visitor.refers(bytes.id(next + idSize + 1), bytes.id(next));
      }
      next += idSize + 1 + Types.size(type, idSize);
    }
  }
}
