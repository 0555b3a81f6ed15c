package dev.hotswap.leaks.heap;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes dumps of made-up heaps, with identifiers of either size. */
final class DumpWriter {
  private static final int OBJECT = 2;
  private static final int INT = 10;
  private static final int LONG = 11;

  private final int idSize;
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(file);
  private final Map<String, Long> strings = new HashMap<>();
  private final ByteArrayOutputStream heap = new ByteArrayOutputStream();
  private final DataOutputStream heapOut = new DataOutputStream(heap);
  private long nextString = 1;
  private int nextClass = 1;

  interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  DumpWriter(int idSize) {
    this.idSize = idSize;
    write(
        out,
        to -> {
          to.write("JAVA PROFILE 1.0.2\0".getBytes(StandardCharsets.US_ASCII));
          to.writeInt(idSize);
          to.writeLong(0);
        });
  }

  private static void write(DataOutputStream to, Writing writing) {
    try {
      writing.to(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void id(DataOutputStream to, long id) throws IOException {
    if (idSize == 8) {
      to.writeLong(id);
    } else {
      to.writeInt((int) id);
    }
  }

  private void record(int tag, Writing body) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    write(new DataOutputStream(content), body);
    write(
        out,
        to -> {
          to.writeByte(tag);
          to.writeInt(0);
          to.writeInt(content.size());
          to.write(content.toByteArray());
        });
  }

  private long string(String text) {
    return strings.computeIfAbsent(
        text,
        unused -> {
          long id = nextString++;
          record(
              0x01,
              to -> {
                id(to, id);
                to.write(text.getBytes(StandardCharsets.UTF_8));
              });
          return id;
        });
  }

  /**
   * A class.
   *
   * @param fields as {@code "kept:L"}, {@code "walk:J"}, {@code "number:I"}
   */
  void type(long id, String name, long parent, long loader, List<String> fields) {
    long nameId = string(name.replace('.', '/'));
    int serial = nextClass++;
    record(
        0x02,
        to -> {
          to.writeInt(serial);
          id(to, id);
          to.writeInt(0);
          id(to, nameId);
        });
    fields.forEach(field -> string(field.split(":")[0]));
    write(
        heapOut,
        to -> {
          to.writeByte(0x20);
          id(to, id);
          to.writeInt(0);
          for (long each : new long[] {parent, loader, 0, 0, 0, 0}) {
            id(to, each);
          }
          to.writeInt(0);
          to.writeShort(0);
          to.writeShort(0);
          to.writeShort(fields.size());
          for (String field : fields) {
            id(to, string(field.split(":")[0]));
            to.writeByte(typeOf(field));
          }
        });
  }

  private static int typeOf(String field) {
    return switch (field.split(":")[1]) {
      case "L" -> OBJECT;
      case "I" -> INT;
      default -> LONG;
    };
  }

  void instance(long id, long type, Writing values) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    write(new DataOutputStream(content), values);
    write(
        heapOut,
        to -> {
          to.writeByte(0x21);
          id(to, id);
          to.writeInt(0);
          id(to, type);
          to.writeInt(content.size());
          to.write(content.toByteArray());
        });
  }

  /** An instance that has references only. */
  void references(long id, long type, long... values) {
    instance(
        id,
        type,
        to -> {
          for (long value : values) {
            id(to, value);
          }
        });
  }

  void reference(DataOutputStream to, long value) throws IOException {
    id(to, value);
  }

  void root(int kind, long id, int... rest) {
    write(
        heapOut,
        to -> {
          to.writeByte(kind);
          id(to, id);
          for (int each : rest) {
            to.writeInt(each);
          }
        });
  }

  /** A global reference of native code, which has a second identifier. */
  void jniGlobal(long id) {
    write(
        heapOut,
        to -> {
          to.writeByte(Root.JNI_GLOBAL);
          id(to, id);
          id(to, 0);
        });
  }

  void raw(int value) {
    write(heapOut, to -> to.writeByte(value));
  }

  /** Begins another segment. */
  void endSegment() {
    byte[] content = heap.toByteArray();
    heap.reset();
    record(0x1C, to -> to.write(content));
  }

  byte[] withoutEnd() {
    endSegment();
    return file.toByteArray();
  }

  byte[] whole() {
    endSegment();
    record(0x2C, to -> {});
    return file.toByteArray();
  }
}
