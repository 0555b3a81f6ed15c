package dev.hotswap.core;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Looks for objects of foreign classes in a state: breadth first, each object once, and at most
 * {@value #MOST} of them.
 *
 * <p>Collections, maps, optionals and references are asked for what they hold by their public
 * methods; objects of other classes than the JDK's are read field by field, and records by their
 * accessors, where reflection may. What only a private field of the JDK leads to is not seen. Used
 * by one thread.
 */
final class StateWalk {
  /** That many objects are looked at: some tens of milliseconds, in which callers wait. */
  static final int MOST = 100_000;

  /** That many steps of a path are told from either end, and characters of a key. */
  private static final int MOST_STEPS = 16;

  private static final int MOST_OF_A_KEY = 40;

  private final Predicate<Class<?>> foreign;
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Node> ahead = new ArrayDeque<>();
  private int looked;

  /**
   * @param foreign whether a class must not occur
   */
  StateWalk(Predicate<Class<?>> foreign) {
    this.foreign = foreign;
  }

  /**
   * What must not be there.
   *
   * @param type its class
   * @param path where in the state, beginning with {@code state}
   */
  record Foreign(Class<?> type, String path) {}

  /** An object, and the step that led to it; the steps make the path once it is asked for. */
  private record Node(Object object, Node from, String step) {
    /** Of a long one its beginning and its end: a linked list is as deep as it is long. */
    String path() {
      Deque<String> steps = new ArrayDeque<>();
      for (Node node = this; node != null; node = node.from) {
        steps.addFirst(node.step);
      }
      int more = steps.size() - 2 * MOST_STEPS;
      StringBuilder path = new StringBuilder();
      int i = 0;
      for (String each : steps) {
        if (more <= 0 || i < MOST_STEPS || i >= MOST_STEPS + more) {
          path.append(each);
        } else if (i == MOST_STEPS) {
          path.append(" (").append(more).append(" steps more) ");
        }
        i++;
      }
      return path.toString();
    }
  }

  /** The nearest one; empty where none was found. */
  Optional<Foreign> firstForeign(Object state) {
    add(state, null, "state");
    while (!ahead.isEmpty() && looked < MOST) {
      Node node = ahead.remove();
      Class<?> type = element(node.object.getClass());
      Class<?> named = node.object instanceof Class<?> literal ? element(literal) : type;
      for (Class<?> each : new Class<?>[] {type, named}) {
        if (foreign.test(each)) {
          return Optional.of(new Foreign(each, node.path()));
        }
      }
      open(node);
    }
    return Optional.empty();
  }

  private static Class<?> element(Class<?> type) {
    return type.isArray() ? element(type.getComponentType()) : type;
  }

  private void add(Object object, Node from, String step) {
    looked++;
    if (object != null && !isPlain(object) && seen.add(object)) {
      ahead.add(new Node(object, from, step));
    }
  }

  private static boolean isPlain(Object object) {
    return object instanceof String
        || object instanceof Boolean
        || object instanceof Character
        || object instanceof Number && isOfJdk(object.getClass());
  }

  private static boolean isOfJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private void open(Node node) {
    Object object = node.object;
    if (object instanceof Object[] array) {
      openAll(node, Arrays.asList(array));
    } else if (object instanceof Map<?, ?> map) {
      openAll(node, map);
    } else if (object instanceof Collection<?> collection) {
      openAll(node, collection);
    } else {
      openOne(node);
    }
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      openFields(node, type);
    }
  }

  private void openAll(Node node, Collection<?> elements) {
    int i = 0;
    for (Iterator<?> each = elements.iterator(); looked < MOST && each.hasNext(); i++) {
      add(each.next(), node, "[" + i + "]");
    }
    if (elements instanceof SortedSet<?> sorted) {
      add(sorted.comparator(), node, ".comparator");
    }
  }

  private void openAll(Node node, Map<?, ?> map) {
    var each = map.entrySet().iterator();
    while (looked < MOST && each.hasNext()) {
      openEntry(node, each.next());
    }
    if (map instanceof SortedMap<?, ?> sorted) {
      add(sorted.comparator(), node, ".comparator");
    }
  }

  private void openEntry(Node node, Map.Entry<?, ?> entry) {
    add(entry.getKey(), node, ".key");
    String step = entry.getKey() instanceof String name ? "[\"" + cut(name) + "\"]" : ".value";
    add(entry.getValue(), node, step);
  }

  private static String cut(String key) {
    return key.length() <= MOST_OF_A_KEY ? key : key.substring(0, MOST_OF_A_KEY) + "...";
  }

  private void openOne(Node node) {
    if (node.object instanceof Map.Entry<?, ?> entry) {
      openEntry(node, entry);
    } else if (node.object instanceof Optional<?> optional) {
      add(optional.orElse(null), node, ".value");
    } else if (node.object instanceof AtomicReference<?> reference) {
      add(reference.get(), node, ".value");
    } else if (node.object instanceof Reference<?> reference) {
      add(reference.get(), node, ".referent");
    }
  }

  private void openFields(Node node, Class<?> type) {
    if (isOfJdk(type)) {
      return; // they are closed
    }
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
        add(value(field, node.object), node, "." + field.getName());
      }
    }
  }

  private static Object value(Field field, Object of) {
    try {
      return field.trySetAccessible() ? field.get(of) : accessed(field, of);
    } catch (IllegalAccessException e) {
      return null; // not to be seen
    }
  }

  /** A record may show what its module does not open. */
  private static Object accessed(Field field, Object of) throws IllegalAccessException {
    if (!field.getDeclaringClass().isRecord()) {
      return null;
    }
    for (RecordComponent component : field.getDeclaringClass().getRecordComponents()) {
      Method accessor = component.getAccessor();
      if (component.getName().equals(field.getName()) && accessor.canAccess(of)) {
        try {
          return accessor.invoke(of);
        } catch (InvocationTargetException e) {
          return null; // not to be seen
        }
      }
    }
    return null;
  }
}
