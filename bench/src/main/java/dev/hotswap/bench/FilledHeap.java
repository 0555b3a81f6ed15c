package dev.hotswap.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** This JVM's heap, full of what an application keeps. For one thread. */
final class FilledHeap implements AutoCloseable {
  /** Of what. */
  enum Kind {
    RECORDS("maps of strings to records, lists, arrays of bytes"),
    TREE("one kind of object, of 24 bytes, in trees");

    private final String says;

    Kind(String says) {
      this.says = says;
    }

    String says() {
      return says;
    }
  }

  private record Item(long id, String name, Integer quantity, List<String> tags) {}

  private static final class Node {
    private Node left;
    private Node right;
    private int value;
  }

  private static final int ITEMS = 2000;
  private static final int ARRAYS = 200;
  private static final int DEPTH = 15;

  // the class is never unloaded, so what is in here is held by a static field, as in an application
  private static final List<Object> CONTENT = new ArrayList<>();

  private final Random random = new Random(7);
  private int items;

  private FilledHeap() {}

  static FilledHeap of(Kind kind, long megabytes) {
    FilledHeap heap = new FilledHeap();
    while (usedMegabytes() < megabytes) {
      if (kind == Kind.TREE) {
        CONTENT.add(tree(DEPTH));
      } else {
        heap.addRecords();
      }
    }
    return heap;
  }

  private static long usedMegabytes() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  private static Node tree(int depth) {
    Node node = new Node();
    node.value = depth;
    if (depth > 0) {
      node.left = tree(depth - 1);
      node.right = tree(depth - 1);
    }
    return node;
  }

  private void addRecords() {
    Map<String, Item> map = new HashMap<>();
    Item last = null;
    for (int i = 0; i < ITEMS; i++) {
      items++;
      last =
          new Item(
              items,
              "name of the item number " + items,
              items,
              List.of("tag-" + items % 97, "tag-" + items % 31));
      map.put("item-" + items, last);
    }
    CONTENT.add(map);
    List<byte[]> arrays = new ArrayList<>();
    for (int i = 0; i < ARRAYS; i++) {
      arrays.add(new byte[random.nextInt(4096)]);
    }
    CONTENT.add(arrays);
    CONTENT.add(
        new ConcurrentHashMap<>(Map.of("session-" + items, new ArrayDeque<>(List.of(last)))));
  }

  /** Has something in the midst of it hold the object. */
  void bury(Object object) {
    int middle = CONTENT.size() / 2;
    Map<String, Object> holder = new ConcurrentHashMap<>();
    holder.put("kept", new ArrayList<>(List.of(object)));
    CONTENT.set(middle, List.of(CONTENT.get(middle), holder));
  }

  @Override
  public void close() {
    CONTENT.clear();
  }
}
