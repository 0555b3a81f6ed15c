package dev.hotswap.leaks.heap;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * Leaves out of the candidates what refers to none of them, pass by pass, backwards and forwards in
 * turns: objects refer mostly to such as were made shortly before or after. What is left out cannot
 * be on a path to a class loader.
 */
final class Pruner {
  // so few are searched faster than left out
  private static final int FEW = 500_000;
  // a pass that leaves out less than this part was not worth its time
  private static final int WORTHWHILE = 4;
  private static final int PASSES_AT_MOST = 6;
  // a segment with fewer candidates is not copied to be read
  private static final int SPARSE = 1_000;

  private final DumpBytes bytes;
  private final List<Outline.Segment> segments;
  private final DumpClasses classes;
  private final AddressSet objects;
  private final byte[][] places;
  private final LongAdder left = new LongAdder();

  Pruner(DumpBytes bytes, Outline outline, Candidates candidates) {
    this.bytes = bytes;
    this.segments = outline.segments();
    this.classes = candidates.classes();
    this.objects = candidates.objects();
    this.places = candidates.places();
  }

  /**
   * @param count how many there are
   * @return how many are left
   */
  long prune(long count, Crew crew) {
    long before = count;
    for (int pass = 0; pass < PASSES_AT_MOST && before > FEW; pass++) {
      boolean backwards = pass % 2 == 0;
      left.reset();
      crew.work(places.length, member -> member(backwards));
      long gone = before - left.sum();
      before = left.sum();
      if (gone < before / WORTHWHILE) {
        return before;
      }
    }
    return before;
  }

  private IntConsumer member(boolean backwards) {
    Pass pass = new Pass(backwards);
    return piece -> {
      int segment = backwards ? places.length - 1 - piece : piece;
      if (places[segment].length > 0) {
        places[segment] = pass.prune(segments.get(segment), places[segment]);
        left.add(pass.count);
      }
    };
  }

  private final class Pass extends HeapRecords {
    private final boolean backwards;
    private final AddressSet.Writer near = objects.new Writer();
    private final Deltas kept = new Deltas();
    private int count;
    private boolean leads;
    private long lastId;
    private DumpClass last;

    Pass(boolean backwards) {
      super(Pruner.this.bytes);
      this.backwards = backwards;
    }

    byte[] prune(Outline.Segment segment, byte[] packed) {
      int[] positions = Deltas.unpack(packed);
      if (positions.length < SPARSE) {
        openNot();
      } else {
        open(segment);
      }
      for (int i = 0; i < positions.length; i++) {
        int next = backwards ? positions.length - 1 - i : i;
        record(segment.from() + positions[next]);
        if (!leads) {
          positions[next] = -1;
        }
      }
      near.flush();
      for (int position : positions) {
        if (position >= 0) {
          kept.add(position);
        }
      }
      count = kept.count();
      return kept.pack();
    }

    @Override
    void type(long at) {
      leads = true;
    }

    private void decide(long id, boolean leads) {
      this.leads = leads;
      if (!leads) {
        near.remove(id);
      }
    }

    @Override
    void instance(long at, long id, long type, long values) {
      if (type != lastId) {
        lastId = type;
        last = classes.of(type);
      }
      decide(id, last.isNoted() || !last.isForever() || refers(last, values));
    }

    private boolean refers(DumpClass type, long values) {
      for (int at : type.strong()) {
        if (isKept(id(values + at))) {
          return true;
        }
      }
      return type.soft() >= 0 && isKept(id(values + type.soft()));
    }

    private boolean isKept(long id) {
      return id != 0 && near.contains(id);
    }

    @Override
    void objects(long at, long id, long type, long elements, long count) {
      DumpClass array = classes.of(type);
      boolean refers = array == null || !array.isForever();
      for (long i = 0; i < count && !refers; i++) {
        refers = isKept(id(elements + i * idSize));
      }
      decide(id, refers);
    }
  }
}
