package dev.hotswap.gogo;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Writes maps, lists, texts, numbers and booleans as JSON, on one line. */
final class Json {
  private Json() {}

  /** JSON that was written elsewhere, to go in as it is. */
  record Written(String text) {}

  static String write(Object value) {
    if (value instanceof Map<?, ?> map) {
      StringJoiner members = new StringJoiner(",", "{", "}");
      map.forEach((name, member) -> members.add(text(name.toString()) + ":" + write(member)));
      return members.toString();
    } else if (value instanceof List<?> list) {
      StringJoiner elements = new StringJoiner(",", "[", "]");
      list.forEach(element -> elements.add(write(element)));
      return elements.toString();
    } else if (value instanceof Written written) {
      return written.text();
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    return text(value.toString());
  }

  private static String text(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (char each : value.toCharArray()) {
      switch (each) {
        case '"', '\\' -> text.append('\\').append(each);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> text.append(each < ' ' ? String.format("\\u%04x", (int) each) : each);
      }
    }
    return text.append('"').toString();
  }
}
