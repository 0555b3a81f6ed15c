package dev.hotswap.leaks.words;

import dev.hotswap.leaks.heap.HeapObject;
import dev.hotswap.leaks.heap.HeapPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the hops of a path into words, and leaves out how the JDK's own classes keep what they are
 * given. For one path.
 */
final class Steps {
  // fields of the JDK whose purpose says more than their names
  private static final Map<String, String> CALLED =
      Map.of(
          "java.lang.Thread.target", "what it runs",
          "java.lang.Thread$FieldHolder.task", "what it runs",
          "java.lang.Thread.contextClassLoader", "context class loader",
          "java.lang.Thread.inheritedAccessControlContext", "inherited access control context",
          "java.lang.ref.Reference.referent", "soft reference",
          "java.lang.reflect.Proxy.h", "handler of a proxy",
          "java.lang.ClassValue$Entry.value", "value of a ClassValue");
  // fields that only lead on to one of those
  private static final Set<String> LEADS_ON =
      Set.of("java.lang.Thread.holder", "java.lang.ClassValue$ClassValueMap.cacheArray");

  private final List<String> steps = new ArrayList<>();
  // the collection that the path is inside of, and where that is
  private String collection = "";
  private String place;
  private String role = "element";

  /**
   * @param place what the first object is called, where it is a collection
   */
  Steps(HeapObject first, String place) {
    this.place = place;
    this.collection = Containers.noun(first).orElse("");
  }

  List<String> tell(List<HeapPath.Hop> hops) {
    for (HeapPath.Hop hop : hops) {
      tell(hop);
    }
    return List.copyOf(steps);
  }

  private void tell(HeapPath.Hop hop) {
    switch (hop.link()) {
      case FIELD -> field(hop);
      case STATIC_FIELD -> enter("static field " + hop.owner() + "." + hop.field(), hop.to());
      case ELEMENT -> inside(hop);
      case CLASS -> steps.add("class " + className(hop.to()));
      case LOADER -> steps.add("loader");
      case OTHER -> steps.add(other(hop));
    }
  }

  private static String other(HeapPath.Hop hop) {
    return hop.to().isClass()
        ? "superclass " + hop.to().className()
        : "what the JVM keeps for it" + (hop.field().isEmpty() ? "" : " (" + hop.field() + ")");
  }

  private void field(HeapPath.Hop hop) {
    if (!collection.isEmpty() && isWithin(hop.from())) {
      role = Containers.isPart(hop.from()) ? Containers.role(hop.field()) : role;
      inside(hop);
      return;
    }
    String owner = hop.owner();
    String name = owner + "." + hop.field();
    if (LEADS_ON.contains(name)) {
      collection = hop.to().isArray() ? name : "";
    } else if (isThreadLocals(hop)) {
      collection = "ThreadLocal";
      place = "";
    } else if (isLambda(owner)) {
      enter("captured by " + className(hop.from()), hop.to());
    } else {
      enter(CALLED.getOrDefault(name, "field " + name), hop.to());
    }
  }

  private static boolean isThreadLocals(HeapPath.Hop hop) {
    return hop.owner().equals("java.lang.Thread")
        && (hop.field().equals("threadLocals") || hop.field().equals("inheritableThreadLocals"));
  }

  // a collection of the JDK that another one is made of, as a HashSet of a HashMap, is a part too
  private boolean isWithin(HeapObject object) {
    return Containers.isPart(object)
        || Containers.noun(object).isPresent()
        || object.className().startsWith("java.lang.ThreadLocal$ThreadLocalMap");
  }

  private void enter(String where, HeapObject to) {
    Optional<String> noun = Containers.noun(to);
    collection = noun.orElse("");
    role = "element";
    if (noun.isPresent()) {
      place = where;
    } else {
      steps.add(where);
      nameIfClass(to);
    }
  }

  private void nameIfClass(HeapObject to) {
    if (to.isClass()) {
      steps.add("class " + className(to));
    }
  }

  private void inside(HeapPath.Hop hop) {
    HeapObject to = hop.to();
    boolean another = Containers.isPart(hop.from()) && Containers.noun(to).isPresent();
    if (isWithin(to) && !another || LEADS_ON.contains(collection)) {
      return;
    }
    add(
        collection.equals("ThreadLocal")
            ? "ThreadLocal value " + className(to)
            : (collection.equals("map") && role.equals("element") ? "value" : role)
                + " of the "
                + collection
                + (place.isEmpty() ? "" : " in " + place));
    collection = Containers.noun(to).orElse("");
    place = "it";
    role = "element";
    nameIfClass(to);
  }

  // an array of arrays of arrays says no more than an array
  private void add(String step) {
    if (steps.isEmpty() || !steps.get(steps.size() - 1).equals(step)) {
      steps.add(step);
    }
  }

  static boolean isLambda(String className) {
    return className.contains("$$Lambda");
  }

  static String className(HeapObject object) {
    String name = object.className();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : "a lambda in " + name.substring(0, lambda);
  }
}
