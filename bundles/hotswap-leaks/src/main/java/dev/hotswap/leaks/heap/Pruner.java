package dev.hotswap.leaks.heap;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * Leaves out of the candidates what refers to none of them, pass by pass: a map of strings to
 * records of strings is gone after three. What is left out cannot be on a path to a class loader.
 */
final class Pruner {
  // so few are searched faster than left out
  private static final int FEW = 1_000_000;
  // a pass that leaves out less than this part was not worth its time
  private static final int WORTHWHILE = 6;
  private static final int PASSES_AT_MOST = 4;

  private final DumpBytes bytes;
  private final Outline outline;
  private final DumpClasses classes;
  private final AddressSet objects;
  private final boolean[] empty;
  private final LongAdder left = new LongAdder();

  Pruner(DumpBytes bytes, Outline outline, Candidates candidates) {
    this.bytes = bytes;
    this.outline = outline;
    this.classes = candidates.classes();
    this.objects = candidates.objects();
    this.empty = new boolean[outline.segments().size()];
  }

  void prune(Crew crew) {
    long before = objects.count();
    for (int pass = 0; pass < PASSES_AT_MOST && before > FEW; pass++) {
      left.reset();
      crew.work(empty.length, member -> member());
      long gone = before - left.sum();
      before = left.sum();
      if (gone < before / WORTHWHILE) {
        return;
      }
    }
  }

  private IntConsumer member() {
    List<Outline.Segment> segments = outline.segments();
    Pass pass = new Pass();
    return segment -> {
      if (!empty[segment]) {
        pass.kept = 0;
        pass.read(segments.get(segment));
        empty[segment] = pass.kept == 0;
        left.add(pass.kept);
      }
    };
  }

  private final class Pass extends HeapRecords {
    private long kept;
    private long lastId;
    private DumpClass last;

    Pass() {
      super(Pruner.this.bytes);
    }

    @Override
    void type(long at) {
      kept++;
    }

    @Override
    void instance(long at, long id, long type, long values) {
      if (!objects.contains(id)) {
        return;
      }
      if (type != lastId) {
        lastId = type;
        last = classes.of(type);
      }
      keep(id, last == null || last.isNoted() || !last.isForever() || leads(last, values));
    }

    private void keep(long id, boolean leads) {
      if (leads) {
        kept++;
      } else {
        objects.remove(id);
      }
    }

    private boolean leads(DumpClass type, long values) {
      for (int at : type.strong()) {
        if (objects.contains(bytes.id(values + at))) {
          return true;
        }
      }
      return type.soft() >= 0 && objects.contains(bytes.id(values + type.soft()));
    }

    @Override
    void objects(long at, long id, long type, long elements, long count) {
      if (!objects.contains(id)) {
        return;
      }
      DumpClass array = classes.of(type);
      boolean leads = array == null || !array.isForever();
      for (long i = 0; i < count && !leads; i++) {
        leads = objects.contains(bytes.id(elements + i * idSize));
      }
      keep(id, leads);
    }
  }
}
