package dev.hotswap.leaks.heap;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** An object of a heap dump, or a class. For one thread. */
public final class HeapObject {
  private final Heap heap;
  private final DumpBytes bytes;
  private final long at;
  private final int tag;

  HeapObject(Heap heap, long at) {
    this.heap = heap;
    this.bytes = heap.bytes();
    this.at = at;
    this.tag = bytes.u1(at);
  }

  public long id() {
    return bytes.id(at + 1);
  }

  /** Whether it is a class, not an instance of one. */
  public boolean isClass() {
    return tag == HeapRecords.CLASS;
  }

  public boolean isArray() {
    return tag == HeapRecords.OBJECTS || tag == HeapRecords.PRIMITIVES;
  }

  /** Of a class its name, of another object the name of its class. */
  public String className() {
    DumpClass type = type();
    return type == null ? "byte[]" : type.name();
  }

  /** The identifier of the class loader of that class; 0 for the boot loader. */
  public long loader() {
    DumpClass type = type();
    return type == null ? 0 : type.loader();
  }

  /** Of a class whether it extends the other, of an object whether it is an instance. */
  public boolean isA(String name) {
    DumpClass type = type();
    return type != null && type.isA(name);
  }

  // of arrays of numbers the class does not matter: null
  private DumpClass type() {
    int idSize = bytes.idSize();
    return switch (tag) {
      case HeapRecords.CLASS -> heap.classes().of(id());
      case HeapRecords.INSTANCE -> heap.classes().of(bytes.id(at + 1 + idSize + 4));
      case HeapRecords.OBJECTS -> heap.classes().of(bytes.id(at + 1 + idSize + 8));
      default -> null;
    };
  }

  private long values() {
    return at + 1 + 2L * bytes.idSize() + 8;
  }

  private long fieldAt(String field) {
    DumpClass type = tag == HeapRecords.INSTANCE ? type() : null;
    int offset = type == null ? -1 : type.at(field, heap.outline()::string, bytes.idSize());
    return offset < 0 ? -1 : values() + offset;
  }

  /** What a field of it refers to; empty where it has no such field, or that is null. */
  public Optional<HeapObject> get(String field) {
    return heap.object(getId(field));
  }

  /** The identifier of what a field refers to; 0 where it has no such field, or that is null. */
  public long getId(String field) {
    long found = fieldAt(field);
    return found < 0 ? 0 : bytes.id(found);
  }

  /** The value of a field of the type long; 0 where it has none. */
  public long getLong(String field) {
    long found = fieldAt(field);
    return found < 0 ? 0 : bytes.i8(found);
  }

  /** The value of a field of the type int; 0 where it has none. */
  public int getInt(String field) {
    long found = fieldAt(field);
    return found < 0 ? 0 : bytes.i4(found);
  }

  /** What a field says that is a string; empty where it has none. */
  public String getText(String field) {
    return get(field).map(HeapObject::text).orElse("");
  }

  /** Of a string what it says. */
  public String text() {
    Optional<HeapObject> value = get("value");
    long coder = fieldAt("coder");
    if (value.isEmpty() || value.get().tag != HeapRecords.PRIMITIVES || coder < 0) {
      return "";
    }
    byte[] content = value.get().numbers();
    return bytes.u1(coder) == 0 ? new String(content, StandardCharsets.ISO_8859_1) : utf16(content);
  }

  // the bytes of the array are those of the JVM that wrote it, on this machine
  private static String utf16(byte[] content) {
    boolean big = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.BIG_ENDIAN;
    return new String(content, big ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE);
  }

  private byte[] numbers() {
    int head = 1 + bytes.idSize() + 4 + 4 + 1;
    return bytes.copy(at + head, bytes.i4(at + 1 + bytes.idSize() + 4));
  }

  /** How it refers to the other: by the first that is found. */
  HeapPath.Hop hopTo(HeapObject to) {
    long wanted = to.id();
    DumpClass type = type();
    if (isClass()) {
      return hopOfClass(to);
    }
    if (tag == HeapRecords.OBJECTS && !isElement(wanted)) {
      return new HeapPath.Hop(this, HeapPath.Link.CLASS, "", "", to);
    }
    if (tag == HeapRecords.OBJECTS) {
      return new HeapPath.Hop(this, HeapPath.Link.ELEMENT, "", "", to);
    }
    for (DumpClass.Reference field : type.references()) {
      if (bytes.id(values() + field.at()) == wanted) {
        return new HeapPath.Hop(this, HeapPath.Link.FIELD, field.owner().name(), field.name(), to);
      }
    }
    return new HeapPath.Hop(this, HeapPath.Link.CLASS, "", "", to);
  }

  private boolean isElement(long wanted) {
    long count = bytes.u4(at + 1 + bytes.idSize() + 4);
    for (long i = 0; i < count; i++) {
      if (bytes.id(values() + i * bytes.idSize()) == wanted) {
        return true;
      }
    }
    return false;
  }

  private HeapPath.Hop hopOfClass(HeapObject to) {
    if (loader() == to.id()) {
      return new HeapPath.Hop(this, HeapPath.Link.LOADER, "", "", to);
    }
    String[] field = {""};
    ClassRecord.visit(
        bytes,
        at,
        (id, name) -> {
          if (id == to.id() && name != 0) {
            field[0] = heap.outline().string(name);
          }
        });
    // what the JVM keeps for a class stands among its static fields, by a name in angle brackets
    boolean isField = !field[0].isEmpty() && !field[0].startsWith("<");
    return isField
        ? new HeapPath.Hop(this, HeapPath.Link.STATIC_FIELD, className(), field[0], to)
        : new HeapPath.Hop(this, HeapPath.Link.OTHER, "", field[0], to);
  }
}
