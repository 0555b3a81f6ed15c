package dev.hotswap.watch;

import java.lang.reflect.Array;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The values of a configuration as one word, with their types, and back: everything that
 * Configuration Admin takes. A collection comes back as a list.
 */
final class SettingsWords {
  /** A kind of value. Its letter is that of an array of such; of primitives it is lower-case. */
  private enum Type {
    S(String.class, String.class, text -> text),
    I(Integer.class, int.class, Integer::valueOf),
    L(Long.class, long.class, Long::valueOf),
    D(Double.class, double.class, Double::valueOf),
    F(Float.class, float.class, Float::valueOf),
    B(Boolean.class, boolean.class, Boolean::valueOf),
    Y(Byte.class, byte.class, Byte::valueOf),
    H(Short.class, short.class, Short::valueOf),
    C(Character.class, char.class, text -> text.charAt(0));

    private final Class<?> boxed;
    private final Class<?> primitive;
    private final Function<String, Object> parse;

    Type(Class<?> boxed, Class<?> primitive, Function<String, Object> parse) {
      this.boxed = boxed;
      this.primitive = primitive;
      this.parse = parse;
    }

    static Type of(Class<?> type) {
      for (Type each : values()) {
        if (each.boxed == type || each.primitive == type) {
          return each;
        }
      }
      throw new IllegalArgumentException("no configuration has a value of " + type);
    }
  }

  private SettingsWords() {}

  /**
   * @throws IllegalArgumentException when one of the values is of a type that no configuration has
   */
  static String write(Map<String, Object> values) {
    List<String> pairs = new ArrayList<>();
    new TreeMap<>(values).forEach((key, value) -> pairs.add(encoded(key) + "=" + word(value)));
    return String.join("&", pairs);
  }

  private static String word(Object value) {
    if (value instanceof Collection<?> collection) {
      return "(" + String.join(",", collection.stream().map(SettingsWords::word).toList());
    }
    Class<?> component = value.getClass().getComponentType();
    if (component == null) {
      return Type.of(value.getClass()).name() + encoded(value.toString());
    }
    String letter = Type.of(component).name();
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < Array.getLength(value); i++) {
      elements.add(word(Array.get(value, i)));
    }
    return "["
        + (component.isPrimitive() ? letter.toLowerCase(java.util.Locale.ROOT) : letter)
        + String.join(",", elements);
  }

  /**
   * @throws IllegalArgumentException when it is no such word
   */
  static Map<String, Object> read(String word) {
    Map<String, Object> values = new TreeMap<>();
    for (String pair : word.isEmpty() ? new String[0] : word.split("&")) {
      String[] sides = pair.split("=", 2);
      if (sides.length != 2 || sides[1].isEmpty()) {
        throw new IllegalArgumentException("no value in " + pair);
      }
      values.put(decoded(sides[0]), value(sides[1]));
    }
    return values;
  }

  private static Object value(String word) {
    char first = word.charAt(0);
    if (first == '(') {
      return elements(word.substring(1));
    } else if (first != '[') {
      return Type.valueOf(word.substring(0, 1)).parse.apply(decoded(word.substring(1)));
    }
    String letter = word.substring(1, 2);
    Type type = Type.valueOf(letter.toUpperCase(java.util.Locale.ROOT));
    List<Object> elements = elements(word.substring(2));
    Class<?> component = type.name().equals(letter) ? type.boxed : type.primitive;
    Object array = Array.newInstance(component, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      Array.set(array, i, elements.get(i));
    }
    return array;
  }

  private static List<Object> elements(String words) {
    List<Object> elements = new ArrayList<>();
    for (String word : words.isEmpty() ? new String[0] : words.split(",")) {
      elements.add(value(word));
    }
    return elements;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }
}
