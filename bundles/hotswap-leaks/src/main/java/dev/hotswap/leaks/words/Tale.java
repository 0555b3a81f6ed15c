package dev.hotswap.leaks.words;

import dev.hotswap.leaks.heap.Heap;
import dev.hotswap.leaks.heap.HeapObject;
import dev.hotswap.leaks.heap.HeapPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells paths of one heap in the words of a Java developer. For one thread. */
public final class Tale {
  private static final String NOT_HELD =
      "none yet: no object of the dump leads to it, so it goes with a later collection, or when the"
          + " compiled code that is on a stack now has returned. If it stays, a hidden class may hold"
          + " it by its class data, which dumps do not have";

  // what a class of the plugin extends may tell as much as who keeps it
  private static final List<String> EXTENDED =
      List.of("java.lang.Throwable", "java.lang.reflect.Proxy");

  private final Owners owners;

  /**
   * @param sought from the identifiers of all class loaders that are sought to what they belong to
   */
  public Tale(Heap heap, Map<Long, String> sought) {
    this.owners = new Owners(heap, sought);
  }

  /**
   * @param path to a class loader
   * @param plugin the identifier of that
   */
  public Told tell(HeapPath path, long plugin) {
    if (path.root().isEmpty()) {
      return new Told("", List.of(), NOT_HELD);
    }
    int start = lastStaticField(path, plugin);
    return start >= 0 ? ofStaticField(path, start, plugin) : ofRoot(path, plugin);
  }

  // what is before it tells only why that class is there
  private int lastStaticField(HeapPath path, long plugin) {
    int found = -1;
    for (int i = 0; i < path.hops().size(); i++) {
      HeapPath.Hop hop = path.hops().get(i);
      if (hop.link() == HeapPath.Link.STATIC_FIELD && hop.from().loader() != plugin) {
        found = i;
      }
    }
    return found;
  }

  private Told ofStaticField(HeapPath path, int start, long plugin) {
    HeapPath.Hop hop = path.hops().get(start);
    List<HeapPath.Hop> rest = path.hops().subList(start + 1, path.hops().size());
    String holder =
        "static field "
            + hop.owner()
            + "."
            + hop.field()
            + " (of "
            + owners.of(hop.from(), plugin)
            + ")";
    List<String> names = new ArrayList<>(List.of(hop.owner() + "." + hop.field()));
    names.addAll(names(hop.to(), rest, plugin));
    String otherwise =
        "take {plugin} out of it in stop(), or have "
            + hop.owner()
            + " keep it by a weak reference";
    return told(holder, new Steps(hop.to(), "it").tell(rest), names, otherwise, path, plugin);
  }

  private Told ofRoot(HeapPath path, long plugin) {
    HeapPath.From root = path.root().orElseThrow();
    HeapObject first = path.objects().get(0);
    List<String> names = names(first, path.hops(), plugin);
    root.thread().ifPresent(thread -> names.add(thread.className()));
    List<String> steps = new ArrayList<>();
    String place = "it";
    if (root.thread().isPresent() && root.kind() != HeapPath.From.THREAD) {
      place = variable(root);
      steps.add(place);
    }
    steps.addAll(new Steps(first, place).tell(path.hops()));
    if (root.thread().isPresent() || ThreadTale.isThread(first)) {
      return ofThread(path, steps, names, plugin);
    }
    if (root.kind() == HeapPath.From.FIELD_OF_CLASS) {
      names.add("java.lang.ClassValue");
      return told("a class outside the plugin", steps, names, "", path, plugin);
    }
    return root.kind() == HeapPath.From.JNI_GLOBAL
        ? told(
            "a global reference of native code",
            steps,
            names,
            "have the native library call DeleteGlobalRef for {plugin}, in JNI_OnUnload or when"
                + " stop() calls it",
            path,
            plugin)
        : told(
            "the JVM itself",
            steps,
            names,
            "report it, with the dump that keep asks for",
            path,
            plugin);
  }

  private static String variable(HeapPath.From root) {
    boolean known = root.frame() >= 0 && root.frame() < root.stack().size();
    return known
        ? "local variable of "
            + root.stack().get(root.frame()).className()
            + "."
            + root.stack().get(root.frame()).method()
        : "local variable of native code";
  }

  private Told ofThread(HeapPath path, List<String> steps, List<String> names, long plugin) {
    HeapPath.From root = path.root().orElseThrow();
    ThreadTale thread =
        new ThreadTale(root.thread().orElse(path.objects().get(0)), root.stack(), owners, plugin);
    if (thread.isOfThePlugin() && !isTimer(names)) {
      String remedy =
          thread.isOfPool()
              ? "keep the executor, and call shutdownNow() on it in stop()"
              : "end the thread in stop(): interrupt it, and have its loop return";
      return new Told(thread.label(), steps, remedy);
    }
    String otherwise =
        "have the thread let go of {plugin}: its work is not done, or its variable is not cleared";
    return told(thread.label(), steps, names, otherwise, path, plugin);
  }

  private static boolean isTimer(List<String> names) {
    return names.contains("java.util.TimerThread.queue");
  }

  private Told told(
      String holder,
      List<String> steps,
      List<String> names,
      String otherwise,
      HeapPath path,
      long plugin) {
    Optional<Kind> kind = Kinds.of(names);
    String remedy = kind.map(Kind::remedy).orElse(otherwise);
    return new Told(holder, steps, remedy.replace("{plugin}", pluginClass(path, plugin)));
  }

  /** The fields and classes on the path, as far as the plugin. */
  private static List<String> names(HeapObject first, List<HeapPath.Hop> hops, long plugin) {
    List<String> names = new ArrayList<>(List.of(first.className()));
    for (HeapPath.Hop hop : hops) {
      if (hop.from().loader() == plugin) {
        EXTENDED.stream().filter(hop.from()::isA).forEach(names::add);
        break;
      }
      if (!hop.field().isEmpty()) {
        names.add(hop.owner() + "." + hop.field());
      }
      if (hop.to().loader() != plugin && hop.to().id() != plugin) {
        names.add(hop.to().className());
      }
    }
    return names;
  }

  private static String pluginClass(HeapPath path, long plugin) {
    return path.objects().stream()
        .filter(object -> object.loader() == plugin)
        .findFirst()
        .map(Steps::className)
        .orElse("the plugin's class loader");
  }
}
