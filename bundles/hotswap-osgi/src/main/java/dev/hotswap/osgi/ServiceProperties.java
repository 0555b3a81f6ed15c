package dev.hotswap.osgi;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/**
 * A service's properties, copied for filters. Only strings, numbers, characters, booleans and
 * versions are taken over, and arrays and collections of them: comparing a value of any other class
 * runs that class's code, which may be a plugin's, and filters are asked under the world's lock. A
 * property that cannot be copied is not there for a filter.
 */
final class ServiceProperties {
  private ServiceProperties() {}

  /** By key without regard to case, as in the service registry. Unmodifiable. */
  static Map<String, Object> of(ServiceReference<?> reference) {
    Map<String, Object> properties = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String key : reference.getPropertyKeys()) {
      readable(reference.getProperty(key)).ifPresent(value -> properties.put(key, value));
    }
    return Collections.unmodifiableMap(properties);
  }

  /** To copy a collection runs its code, which may be a plugin's. */
  private static Optional<Object> readable(Object value) {
    try {
      return plain(value);
    } catch (RuntimeException | Error e) {
      return Optional.empty();
    }
  }

  private static Optional<Object> plain(Object value) {
    if (value instanceof Collection<?> collection) {
      return Optional.of(plain(new ArrayList<Object>(collection)));
    }
    if (value != null && value.getClass().isArray()) {
      return Optional.of(plain(elements(value)));
    }
    return Optional.ofNullable(value).filter(ServiceProperties::isPlain);
  }

  private static List<Object> plain(List<?> values) {
    List<Object> plain = new ArrayList<>();
    values.stream().filter(ServiceProperties::isPlain).forEach(plain::add);
    return List.copyOf(plain);
  }

  private static List<Object> elements(Object array) {
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      elements.add(Array.get(array, i));
    }
    return elements;
  }

  private static boolean isPlain(Object value) {
    return value instanceof String
        || value instanceof Character
        || value instanceof Boolean
        || value instanceof Version
        || value instanceof Number && value.getClass().getName().startsWith("java.lang.");
  }
}
