package dev.hotswap.watch;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the one JSON object of a file of settings: strings, numbers, truth values, and arrays of
 * one of these. A whole number becomes a {@code Long}, any other a {@code Double}. Null, objects
 * inside and arrays of mixed values are refused: Configuration Admin has no such values.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
final class JsonObject {
  private final String text;
  private int at;

  private JsonObject(String text) {
    this.text = text;
  }

  /**
   * @throws NotWholeException when it is no such object; says where
   */
  static Map<String, Object> parse(String text) throws NotWholeException {
    JsonObject json = new JsonObject(text);
    Map<String, Object> values = json.object();
    json.next();
    if (json.at < text.length()) { // also a zero
      throw json.wrong("something after the end of the object");
    }
    return values;
  }

  private Map<String, Object> object() throws NotWholeException {
    Map<String, Object> values = new TreeMap<>();
    expect('{');
    if (next() == '}') {
      at++;
      return values;
    }
    do {
      next();
      String key = string();
      expect(':');
      if (values.put(key, value()) != null) {
        throw wrong("the key " + key + " stands there twice");
      }
    } while (tryComma());
    expect('}');
    return values;
  }

  private Object value() throws NotWholeException {
    char first = next();
    if (first == '[') {
      return array();
    }
    if (first == '"') {
      return string();
    }
    if (first == '-' || Character.isDigit(first)) {
      return number();
    }
    for (Boolean truth : List.of(true, false)) {
      if (text.startsWith(truth.toString(), at)) {
        at += truth.toString().length();
        return truth;
      }
    }
    throw wrong("a value was expected: a string, a number, true, false, or an array of these");
  }

  private Object array() throws NotWholeException {
    List<Object> elements = new ArrayList<>();
    expect('[');
    if (next() != ']') {
      do {
        elements.add(element());
      } while (tryComma());
    }
    expect(']');
    Class<?> type = elements.isEmpty() ? String.class : elements.get(0).getClass();
    if (elements.stream().anyMatch(each -> each.getClass() != type)) {
      throw mixed();
    }
    return elements.toArray((Object[]) Array.newInstance(type, 0));
  }

  /** No array: whoever followed one into another would be led as deep as the text is long. */
  private Object element() throws NotWholeException {
    if (next() == '[') {
      throw mixed();
    }
    return value();
  }

  private NotWholeException mixed() {
    return wrong("an array of values of one kind was expected");
  }

  private Object number() throws NotWholeException {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(from, at);
    try {
      return digits.matches("-?\\d+") ? (Object) Long.valueOf(digits) : Double.valueOf(digits);
    } catch (NumberFormatException e) {
      throw wrong(digits + " is no number");
    }
  }

  private String string() throws NotWholeException {
    expect('"');
    StringBuilder string = new StringBuilder();
    for (char each = take(); each != '"'; each = take()) {
      if (each < ' ') {
        throw wrong("a line ends inside a string");
      }
      string.append(each == '\\' ? escaped() : each);
    }
    return string.toString();
  }

  private char escaped() throws NotWholeException {
    char letter = take();
    int plain = "\"\\/".indexOf(letter);
    int short_ = "bfnrt".indexOf(letter);
    if (plain >= 0) {
      return letter;
    }
    if (short_ >= 0) {
      return "\b\f\n\r\t".charAt(short_);
    }
    if (letter == 'u' && at + 4 <= text.length()) {
      String digits = text.substring(at, at + 4);
      at += 4;
      try {
        return (char) Integer.parseInt(digits, 16);
      } catch (NumberFormatException e) {
        throw wrong("\\u" + digits + " is no character");
      }
    }
    throw wrong("\\" + letter + " is no escape");
  }

  private boolean tryComma() throws NotWholeException {
    boolean comma = next() == ',';
    at += comma ? 1 : 0;
    return comma;
  }

  private void expect(char wanted) throws NotWholeException {
    if (next() != wanted) {
      throw wrong("'" + wanted + "' was expected");
    }
    at++;
  }

  /** What stands after blanks, not yet taken; 0 at the end. */
  private char next() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private char take() throws NotWholeException {
    if (at >= text.length()) {
      throw wrong("it ends too early");
    }
    return text.charAt(at++);
  }

  private NotWholeException wrong(String fault) {
    return new NotWholeException(
        "it is no JSON object of settings: " + fault + ", at character " + at);
  }
}
