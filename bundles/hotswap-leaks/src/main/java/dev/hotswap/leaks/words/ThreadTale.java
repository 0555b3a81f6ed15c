package dev.hotswap.leaks.words;

import dev.hotswap.leaks.heap.HeapObject;
import dev.hotswap.leaks.heap.HeapPath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is to be told of a thread. The JVM does not note who started one: that is taken from the
 * class of the thread, from what it runs, from who made the pool that it is of, from its stack, and
 * from its context class loader, in this order. For one thread.
 */
final class ThreadTale {
  private static final String THREAD = "java.lang.Thread";

  private final HeapObject thread;
  private final List<HeapPath.Frame> stack;
  private final Owners owners;
  private final long plugin;

  ThreadTale(HeapObject thread, List<HeapPath.Frame> stack, Owners owners, long plugin) {
    this.thread = thread;
    this.stack = stack;
    this.owners = owners;
    this.plugin = plugin;
  }

  /** {@code thread "pool-3-thread-1" (started by the host)}. */
  String label() {
    String kind = isVirtual() ? "virtual thread" : "thread";
    String name = thread.getText("name");
    return kind + (name.isEmpty() ? "" : " \"" + name + "\"") + " (started by " + starter() + ")";
  }

  boolean isVirtual() {
    return thread.isA("java.lang.VirtualThread") || thread.isA("java.lang.BaseVirtualThread");
  }

  /** Whether the plugin made it, or its code is on its stack. */
  boolean isOfThePlugin() {
    return starter().equals(Owners.PLUGIN)
        || stack.stream()
            .flatMap(frame -> frame.type().stream())
            .anyMatch(type -> type.loader() == plugin);
  }

  boolean isOfPool() {
    return task().filter(task -> task.className().endsWith("ThreadPoolExecutor$Worker")).isPresent()
        || thread.isA("java.util.concurrent.ForkJoinWorkerThread");
  }

  private String starter() {
    if (thread.getText("name").startsWith("hotswap-")) {
      return Owners.HOST;
    }
    return Stream.of(ofItsClass(), ofItsTask(), ofItsPool(), ofItsStack(), ofItsContext())
        .flatMap(Optional::stream)
        .filter(owner -> !owner.equals(Owners.JDK))
        .findFirst()
        .orElse(Owners.JDK);
  }

  private Optional<String> ofItsClass() {
    return Optional.of(owners.of(thread, plugin));
  }

  private Optional<String> ofItsTask() {
    return task().map(task -> owners.of(task, plugin));
  }

  /** What it runs; in a thread that has ended, or overrides {@code run}, nothing. */
  Optional<HeapObject> task() {
    // JDK 19 and newer; before; virtual threads
    return thread
        .get("holder")
        .flatMap(holder -> holder.get("task"))
        .or(() -> thread.get("target"))
        .or(
            () ->
                thread
                    .get("cont")
                    .flatMap(cont -> cont.get("target"))
                    .flatMap(target -> target.get("val$task").or(() -> Optional.of(target))));
  }

  private Optional<String> ofItsPool() {
    return task()
        .flatMap(worker -> worker.get("this$0"))
        .flatMap(pool -> pool.get("threadFactory"))
        .or(() -> thread.get("pool").flatMap(pool -> pool.get("factory")))
        .map(factory -> owners.of(factory, plugin));
  }

  // the outermost method that is not the JDK's
  private Optional<String> ofItsStack() {
    String found = null;
    for (HeapPath.Frame frame : stack) {
      String owner = frame.type().map(type -> owners.of(type, plugin)).orElse(Owners.JDK);
      found = owner.equals(Owners.JDK) ? found : owner;
    }
    return Optional.ofNullable(found);
  }

  private Optional<String> ofItsContext() {
    long loader = thread.getId("contextClassLoader");
    return loader == 0 ? Optional.empty() : Optional.of(owners.ofLoader(loader, plugin));
  }

  /** What it is called where it is met on a path. */
  static boolean isThread(HeapObject object) {
    return !object.isClass() && object.isA(THREAD);
  }
}
