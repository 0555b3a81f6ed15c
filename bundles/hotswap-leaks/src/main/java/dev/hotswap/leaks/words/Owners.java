package dev.hotswap.leaks.words;

import dev.hotswap.leaks.heap.Heap;
import dev.hotswap.leaks.heap.HeapObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Says whose a class is: by its name, or by its class loader. For one thread. */
final class Owners {
  static final String PLUGIN = "the plugin itself";
  static final String JDK = "the JDK";
  static final String APPLICATION = "the application";
  static final String FRAMEWORK = "the OSGi framework";
  static final String HOST = "the host";

  private static final String HOSTS_PACKAGES = "dev.hotswap.";
  private static final List<String> FRAMEWORK_PACKAGES =
      List.of("org.apache.felix.framework.", "org.eclipse.osgi.");
  // from the class loader of a bundle to what has its name: Felix, Equinox
  private static final List<List<String>> TO_SYMBOLIC_NAME =
      List.of(
          List.of("m_wiring", "m_revision", "m_symbolicName"),
          List.of("delegate", "wiring", "revision", "symbolicName"));

  private final Heap heap;
  private final Map<Long, String> sought;

  /**
   * @param sought from the identifiers of all class loaders that are sought to what they belong to
   */
  Owners(Heap heap, Map<Long, String> sought) {
    this.heap = heap;
    this.sought = sought;
  }

  /**
   * Whose the class of that object is, or the class itself.
   *
   * @param plugin the class loader of the plugin that it is about
   */
  String of(HeapObject object, long plugin) {
    String name = object.className();
    if (object.loader() == plugin) {
      return PLUGIN;
    }
    if (name.startsWith(HOSTS_PACKAGES) && isOfTheHost(name)) {
      return HOST;
    }
    return FRAMEWORK_PACKAGES.stream().anyMatch(name::startsWith)
        ? FRAMEWORK
        : ofLoader(object.loader(), plugin);
  }

  // plugins of the examples are no part of the host
  private static boolean isOfTheHost(String name) {
    return Stream.of("api", "core", "osgi", "host", "watch", "leaks", "gogo")
        .anyMatch(room -> name.startsWith(HOSTS_PACKAGES + room + "."));
  }

  /** Whose the classes of that loader are. */
  String ofLoader(long loader, long plugin) {
    if (loader == plugin) {
      return PLUGIN;
    }
    if (sought.containsKey(loader)) {
      return sought.get(loader);
    }
    Optional<HeapObject> object = heap.object(loader);
    if (object.isEmpty() || isNamed(object.get(), "PlatformClassLoader")) {
      return JDK;
    }
    return isNamed(object.get(), "AppClassLoader") ? APPLICATION : ofLoader(object.get());
  }

  private static boolean isNamed(HeapObject loader, String name) {
    return loader.className().equals("jdk.internal.loader.ClassLoaders$" + name);
  }

  private static String ofLoader(HeapObject loader) {
    for (List<String> fields : TO_SYMBOLIC_NAME) {
      String name = follow(loader, fields);
      if (!name.isEmpty()) {
        return "the bundle " + name;
      }
    }
    String name = loader.getText("name");
    return name.isEmpty()
        ? "a class loader of the class " + loader.className()
        : "the class loader \"" + name + "\"";
  }

  private static String follow(HeapObject from, List<String> fields) {
    Optional<HeapObject> at = Optional.of(from);
    for (String field : fields) {
      at = at.flatMap(object -> object.get(field));
    }
    return at.map(HeapObject::text).orElse("");
  }
}
