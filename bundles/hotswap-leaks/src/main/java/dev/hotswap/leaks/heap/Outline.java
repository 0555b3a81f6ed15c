package dev.hotswap.leaks.heap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands around the heap in a dump: names, classes, stacks, and where the segments of the heap
 * are. Not changed once it has been read.
 */
final class Outline {
  /** A part of the file that holds records of the heap: none of them lies across its borders. */
  record Segment(long from, long to) {}

  private static final int UTF8 = 0x01;
  private static final int LOAD_CLASS = 0x02;
  private static final int FRAME = 0x04;
  private static final int TRACE = 0x05;
  private static final int HEAP_DUMP = 0x0C;
  private static final int HEAP_DUMP_SEGMENT = 0x1C;
  private static final int HEAP_DUMP_END = 0x2C;
  // tag, time, length
  private static final int HEAD = 1 + 4 + 4;

  private final DumpBytes bytes;
  private final LongMap strings = new LongMap();
  private final LongMap classNames = new LongMap();
  private final LongMap classSerials = new LongMap();
  private final LongMap frames = new LongMap();
  private final LongMap traces = new LongMap();
  private final List<Segment> segments = new ArrayList<>();

  Outline(DumpBytes bytes) {
    this.bytes = bytes;
    boolean ended = false;
    long at = bytes.start();
    while (at < bytes.size()) {
      int tag = bytes.u1(at);
      long body = at + HEAD;
      long end = body + bytes.u4(at + 5);
      if (end > bytes.size()) {
        throw new DamagedDumpException("it ends in the midst of a record");
      }
      ended |= tag == HEAP_DUMP_END || tag == HEAP_DUMP;
      record(tag, body, end);
      at = end;
    }
    if (!ended) {
      throw new DamagedDumpException("its end is missing");
    }
  }

  private void record(int tag, long body, long end) {
    int id = bytes.idSize();
    switch (tag) {
      case UTF8 -> strings.put(bytes.id(body), body);
      case LOAD_CLASS -> {
        classNames.put(bytes.id(body + 4), bytes.id(body + 4 + id + 4));
        classSerials.put(bytes.u4(body), bytes.id(body + 4));
      }
      case FRAME -> frames.put(bytes.id(body), body);
      case TRACE -> {
        if (bytes.u4(body) != 0) {
          traces.put(bytes.u4(body), body);
        }
      }
      case HEAP_DUMP, HEAP_DUMP_SEGMENT -> segments.add(new Segment(body, end));
      default -> {
        // nothing that a path is made of
      }
    }
  }

  List<Segment> segments() {
    return segments;
  }

  /** The name that the identifier stands for; empty where it stands for none. */
  String string(long id) {
    long at = id == 0 ? LongMap.NONE : strings.get(id);
    if (at == LongMap.NONE) {
      return "";
    }
    int length = (int) bytes.u4(at - 4) - bytes.idSize();
    return new String(bytes.copy(at + bytes.idSize(), length), StandardCharsets.UTF_8);
  }

  /** The name of a class with dots, of arrays as the source has it: {@code java.lang.String[]}. */
  String className(long id) {
    long name = classNames.get(id);
    return name == LongMap.NONE ? "" : sourceName(string(name));
  }

  /**
   * The frames of a trace, innermost first.
   *
   * @param trace its serial number
   */
  List<Frame> frames(long trace) {
    long at = trace == 0 ? LongMap.NONE : traces.get(trace);
    List<Frame> found = new ArrayList<>();
    if (at != LongMap.NONE) {
      long count = bytes.u4(at + 8);
      for (int i = 0; i < count; i++) {
        frame(bytes.id(at + 12 + (long) i * bytes.idSize()), found);
      }
    }
    return found;
  }

  private void frame(long id, List<Frame> found) {
    long at = id == 0 ? LongMap.NONE : frames.get(id);
    if (at == LongMap.NONE) {
      return;
    }
    String method = string(bytes.id(at + bytes.idSize()));
    long serial = bytes.u4(at + 4L * bytes.idSize());
    long type = serial == 0 ? LongMap.NONE : classSerials.get(serial);
    found.add(new Frame(type == LongMap.NONE ? 0 : type, method));
  }

  /**
   * A method on a stack.
   *
   * @param type the identifier of its class; 0 where that is not known
   */
  record Frame(long type, String method) {}

  static String sourceName(String name) {
    int dimensions = 0;
    while (dimensions < name.length() && name.charAt(dimensions) == '[') {
      dimensions++;
    }
    String element = name.substring(dimensions);
    if (dimensions > 0) {
      element =
          switch (element) {
            case "Z" -> "boolean";
            case "C" -> "char";
            case "F" -> "float";
            case "D" -> "double";
            case "B" -> "byte";
            case "S" -> "short";
            case "I" -> "int";
            case "J" -> "long";
            default ->
                element.startsWith("L") ? element.substring(1, element.length() - 1) : element;
          };
    }
    return element.replace('/', '.') + "[]".repeat(dimensions);
  }
}
