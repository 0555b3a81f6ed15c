package dev.hotswap.leaks.heap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * The first pass over the heap of a dump: its classes and roots, the objects that are looked out
 * for, and all objects that may lead to a class loader. Most lead nowhere (arrays of numbers,
 * strings, what refers to nothing or only to such) and are left out. Not changed once it has been
 * made, except by the {@link Pruner}.
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
  private final List<Outline.Segment> segments;
  private final String marker;
  private final DumpClasses classes;
  private final AddressSet objects = new AddressSet();
  private final LongAdder count = new LongAdder();
  private final List<Root> roots = Collections.synchronizedList(new ArrayList<>());
  private final List<Found> found = Collections.synchronizedList(new ArrayList<>());
  private final long[] lowest;
  private final long[] highest;
  private final byte[][] places;
  private volatile boolean late;

  /**
   * @param marker the class of the objects to look out for
   */
  Candidates(DumpBytes bytes, Outline outline, String marker, Crew crew) {
    this.bytes = bytes;
    this.segments = outline.segments();
    this.marker = marker;
    this.classes = new DumpClasses(bytes, outline);
    this.lowest = new long[segments.size()];
    this.highest = new long[segments.size()];
    this.places = new byte[segments.size()][];
    readClasses(false);
    crew.work(segments.size(), member -> collector());
    if (late) {
      found.clear();
      roots.clear();
      count.reset();
      readClasses(true);
      crew.work(segments.size(), member -> collector());
    }
    classes.setForever(
        loaders().stream()
            .filter(loader -> FOREVER.contains(loader.type().name()))
            .map(Found::id)
            .collect(Collectors.toSet()));
  }

  // the JVM writes all classes before the first object; another writer may not, and is read twice
  private void readClasses(boolean toTheEnd) {
    boolean[] seen = {false};
    HeapRecords reader =
        new HeapRecords(bytes) {
          @Override
          void type(long at) {
            classes.add(at);
          }

          @Override
          void object(long at, long id) {
            seen[0] = !toTheEnd;
          }

          @Override
          boolean isDone() {
            return seen[0];
          }
        };
    segments.stream().takeWhile(segment -> !seen[0]).forEach(reader::read);
    classes.link(
        type ->
            type.name().equals(marker)
                || IN_FIELD_OF_CLASS.contains(type.name())
                || type.isA(CLASS_LOADER));
    classes.all().forEach(type -> objects.add(type.id()));
  }

  private IntConsumer collector() {
    Collector collector = new Collector();
    return number -> {
      Outline.Segment segment = segments.get(number);
      collector.begin(segment);
      collector.read(segment);
      collector.near.flush();
      lowest[number] = collector.low;
      highest[number] = collector.high;
      count.add(collector.kept.count());
      places[number] = collector.kept.pack();
    };
  }

  DumpClasses classes() {
    return classes;
  }

  AddressSet objects() {
    return objects;
  }

  /** How many there were before the {@link Pruner} came. */
  long count() {
    return count.sum();
  }

  /** Where they are in each segment, from its beginning on, packed as {@link Deltas}. */
  byte[][] places() {
    return places;
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
    private final AddressSet.Writer near = objects.new Writer();
    private final Deltas kept = new Deltas();
    private long from;
    private long low;
    private long high;
    private boolean rising;
    private long lastId;
    private DumpClass last;

    Collector() {
      super(Candidates.this.bytes);
    }

    void begin(Outline.Segment segment) {
      from = segment.from();
      low = Long.MAX_VALUE;
      high = 0;
      rising = true;
    }

    @Override
    void root(Root root) {
      roots.add(root);
    }

    @Override
    void type(long at) {
      if (classes.of(id(at + 1)) == null) {
        late = true;
      }
      kept.add((int) (at - from));
    }

    @Override
    void object(long at, long id) {
      rising &= id > high;
      low = Math.min(low, id);
      high = Math.max(high, id);
    }

    private void keep(long at, long id) {
      near.add(id);
      kept.add((int) (at - from));
    }

    @Override
    void instance(long at, long id, long type, long values) {
      if (type != lastId) {
        lastId = type;
        last = classes.of(type);
      }
      // without its class nobody knows what it refers to
      if (last != null && !last.isLeaf()) {
        if (last.isNoted()) {
          found.add(new Found(id, last, at));
        }
        if (last.isNoted() || last.loader() != 0 || leads(last, id, values)) {
          keep(at, id);
        }
      }
    }

    private boolean leads(DumpClass type, long id, long values) {
      for (int at : type.strong()) {
        if (mayLead(id(values + at), id)) {
          return true;
        }
      }
      return type.soft() >= 0 && mayLead(id(values + type.soft()), id);
    }

    // what lies before it in this segment has been looked at, and was kept if it leads anywhere
    private boolean mayLead(long to, long from) {
      return to != 0 && (!rising || to >= from || to < low || near.contains(to));
    }

    @Override
    void objects(long at, long id, long type, long elements, long count) {
      DumpClass array = classes.of(type);
      // one that is empty leads to the class of its elements as well
      boolean leads = array == null || array.loader() != 0;
      for (long i = 0; i < count && !leads; i++) {
        leads = mayLead(id(elements + i * idSize), id);
      }
      if (leads) {
        keep(at, id);
      }
    }
  }
}
