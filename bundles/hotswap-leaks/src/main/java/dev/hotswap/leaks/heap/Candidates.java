package dev.hotswap.leaks.heap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * The first pass over the heap of a dump: its classes and roots, the objects that are looked out
 * for, and all objects that may lead to a class loader. Most lead nowhere (arrays of numbers,
 * strings, what refers to nothing) and are left out. Not changed once it has been made, except by
 * the {@link Pruner}.
 */
final class Candidates {
  /** An object that was looked out for. */
  record Found(long id, DumpClass type, long at) {}

  private static final String CLASS_LOADER = "java.lang.ClassLoader";
  // fields of java.lang.Class refer to them, and those are not dumped
  private static final Set<String> IN_FIELD_OF_CLASS = Set.of("java.lang.ClassValue$ClassValueMap");
  private static final Set<String> FOREVER =
      Set.of(
          "jdk.internal.loader.ClassLoaders$AppClassLoader",
          "jdk.internal.loader.ClassLoaders$PlatformClassLoader");

  private final DumpBytes bytes;
  private final Outline outline;
  private final String marker;
  private final DumpClasses classes;
  private final AddressSet objects = new AddressSet();
  private final List<Root> roots = Collections.synchronizedList(new ArrayList<>());
  private final List<Found> found = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> lateClasses = Collections.synchronizedList(new ArrayList<>());
  private final long[] lowest;
  private final long[] highest;

  /**
   * @param marker the class of the objects to look out for
   */
  Candidates(DumpBytes bytes, Outline outline, String marker, Crew crew) {
    this.bytes = bytes;
    this.outline = outline;
    this.marker = marker;
    this.classes = new DumpClasses(bytes, outline);
    this.lowest = new long[outline.segments().size()];
    this.highest = new long[lowest.length];
    readFirstClasses();
    crew.work(lowest.length, member -> collector());
    readLateClasses();
    classes.setForever(
        loaders().stream()
            .filter(loader -> FOREVER.contains(loader.type().name()))
            .map(Found::id)
            .collect(Collectors.toSet()));
    classes.all().forEach(type -> objects.add(type.id()));
  }

  // the JVM writes all classes before the first object
  private void readFirstClasses() {
    boolean[] seen = {false};
    HeapRecords reader =
        new HeapRecords(bytes) {
          @Override
          void type(long at) {
            classes.add(at);
          }

          @Override
          void object(long at, long id) {
            seen[0] = true;
          }

          @Override
          boolean isDone() {
            return seen[0];
          }
        };
    outline.segments().stream().takeWhile(segment -> !seen[0]).forEach(reader::read);
    link();
  }

  // another writer's classes may come later: objects seen before them are candidates then
  private void readLateClasses() {
    if (!lateClasses.isEmpty()) {
      lateClasses.forEach(classes::add);
      link();
    }
  }

  private void link() {
    classes.link(
        type ->
            type.name().equals(marker)
                || IN_FIELD_OF_CLASS.contains(type.name())
                || type.isA(CLASS_LOADER));
  }

  private IntConsumer collector() {
    Collector collector = new Collector();
    return segment -> {
      collector.low = Long.MAX_VALUE;
      collector.high = 0;
      collector.read(outline.segments().get(segment));
      lowest[segment] = collector.low;
      highest[segment] = collector.high;
    };
  }

  DumpClasses classes() {
    return classes;
  }

  AddressSet objects() {
    return objects;
  }

  List<Root> roots() {
    return roots;
  }

  List<Found> markers() {
    return found.stream().filter(one -> one.type().name().equals(marker)).toList();
  }

  List<Found> inFieldsOfClass() {
    return found.stream().filter(one -> IN_FIELD_OF_CLASS.contains(one.type().name())).toList();
  }

  private List<Found> loaders() {
    return found.stream().filter(one -> one.type().isA(CLASS_LOADER)).toList();
  }

  /** Whether an object with that address may be in the segment. */
  boolean mayHold(int segment, long address) {
    return lowest[segment] <= address && address <= highest[segment];
  }

  private final class Collector extends HeapRecords {
    private long low;
    private long high;
    private long lastId;
    private DumpClass last;

    Collector() {
      super(Candidates.this.bytes);
    }

    @Override
    void root(Root root) {
      roots.add(root);
    }

    @Override
    void type(long at) {
      if (classes.of(bytes.id(at + 1)) == null) {
        lateClasses.add(at);
      }
    }

    @Override
    void object(long at, long id) {
      low = Math.min(low, id);
      high = Math.max(high, id);
    }

    @Override
    void instance(long at, long id, long type, long values) {
      if (type != lastId) {
        lastId = type;
        last = classes.of(type);
      }
      if (last == null) {
        objects.add(id);
      } else if (!last.isLeaf()) {
        if (last.isNoted()) {
          found.add(new Found(id, last, at));
        }
        if (last.loader() != 0 || refers(last, values)) {
          objects.add(id);
        }
      }
    }

    private boolean refers(DumpClass type, long values) {
      for (int at : type.strong()) {
        if (bytes.id(values + at) != 0) {
          return true;
        }
      }
      return type.soft() >= 0 && bytes.id(values + type.soft()) != 0;
    }

    @Override
    void objects(long at, long id, long type, long elements, long count) {
      for (long i = 0; i < count; i++) {
        if (bytes.id(elements + i * idSize) != 0) {
          objects.add(id);
          return;
        }
      }
    }
  }
}
