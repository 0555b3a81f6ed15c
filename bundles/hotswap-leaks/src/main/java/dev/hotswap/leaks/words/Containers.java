package dev.hotswap.leaks.words;

import dev.hotswap.leaks.heap.HeapObject;
import java.util.List;
import java.util.Optional;

/** The collections of the JDK: what is in them is told, not how they keep it. */
final class Containers {
  private record Noun(String ending, String word) {}

  // by the end of the class's name, the first that fits
  private static final List<Noun> NOUNS =
      List.of(
          new Noun("Map", "map"),
          new Noun("Hashtable", "map"),
          new Noun("Properties", "map"),
          new Noun("MapN", "map"),
          new Noun("Map1", "map"),
          new Noun("KeySetView", "map"),
          new Noun("Set", "set"),
          new Noun("SetN", "set"),
          new Noun("Set12", "set"),
          new Noun("Queue", "queue"),
          new Noun("Deque", "queue"),
          new Noun("List", "list"),
          new Noun("ListN", "list"),
          new Noun("List12", "list"),
          new Noun("Vector", "list"),
          new Noun("Stack", "list"),
          new Noun("Collection", "collection"),
          new Noun("AtomicReference", "reference"),
          new Noun("AtomicReferenceArray", "array"),
          new Noun("Optional", "optional"));

  private Containers() {}

  /** What the object is called; empty where it is no collection of the JDK. */
  static Optional<String> noun(HeapObject object) {
    String name = object.className();
    if (object.isClass() || object.loader() != 0) {
      return Optional.empty();
    }
    if (object.isArray()) {
      return Optional.of("array");
    }
    return name.startsWith("java.util.") && !isPart(name)
        ? NOUNS.stream().filter(noun -> name.endsWith(noun.ending())).map(Noun::word).findFirst()
        : Optional.empty();
  }

  /** Whether the object is inside a collection, between it and what is in it. */
  static boolean isPart(HeapObject object) {
    return !object.isClass()
        && object.loader() == 0
        && (object.isArray() || isPart(object.className()));
  }

  private static boolean isPart(String name) {
    return name.startsWith("java.util.")
        && (name.endsWith("Entry")
            || name.endsWith("Node")
            || name.endsWith("Index")
            || name.endsWith("QNode"));
  }

  /** What of the collection is reached by that field of a part of it. */
  static String role(String field) {
    return switch (field) {
      case "key", "k", "referent" -> "key";
      case "value", "val", "v" -> "value";
      default -> "element";
    };
  }
}
