package dev.hotswap.leaks.heap;

/** Where the candidates are in the file, each by a number from 0 on. Not changed once made. */
final class HeapIndex {
  // place, parent, and what waits to be visited
  private static final int BYTES_FOR_EACH = 5 + 4 + 4;
  private static final int HIGH = 32;

  private final DumpBytes bytes;
  private final Outline outline;
  private final Candidates candidates;
  private final AddressSet objects;
  private final int[] low;
  private final byte[] high;

  /**
   * @throws OverBudgetException where that takes more than it may
   */
  HeapIndex(DumpBytes bytes, Outline outline, String marker, Crew crew, Budget budget) {
    this.bytes = bytes;
    this.outline = outline;
    this.candidates = new Candidates(bytes, outline, marker, crew);
    this.objects = candidates.objects();
    budget.checkMemory(objects.bytes() + candidates.count());
    long count = new Pruner(bytes, outline, candidates).prune(candidates.count(), crew);
    budget.checkMemory(objects.bytes() + count * BYTES_FOR_EACH);
    if (count > Integer.MAX_VALUE - 8) {
      throw new OverBudgetException("the heap dump has too many objects: " + count);
    }
    objects.number();
    this.low = new int[objects.size()];
    this.high = new byte[objects.size()];
    crew.work(outline.segments().size(), member -> this::place);
  }

  private void place(int segment) {
    long from = outline.segments().get(segment).from();
    for (int position : Deltas.unpack(candidates.places()[segment])) {
      long at = from + position;
      int number = objects.numberOf(bytes.id(at + 1));
      low[number] = (int) at;
      high[number] = (byte) (at >>> HIGH);
    }
    candidates.places()[segment] = null;
  }

  Candidates candidates() {
    return candidates;
  }

  DumpClasses classes() {
    return candidates.classes();
  }

  int size() {
    return low.length;
  }

  /** The number of the object at the address; -1 where it leads nowhere. */
  int numberOf(long address) {
    return objects.numberOf(address);
  }

  /** Where the record of that number is; 0 where the dump has none. */
  long at(int number) {
    return (high[number] & 0xFFL) << HIGH | low[number] & 0xFFFF_FFFFL;
  }

  /** Where the record of any object is, also of one that leads nowhere; 0 where there is none. */
  long find(long address) {
    int number = numberOf(address);
    if (number >= 0) {
      return at(number);
    }
    Finding finding = new Finding(address);
    for (int i = 0; i < outline.segments().size() && finding.at == 0 && address != 0; i++) {
      if (candidates.mayHold(i, address)) {
        finding.read(outline.segments().get(i));
      }
    }
    return finding.at;
  }

  private final class Finding extends HeapRecords {
    private final long address;
    private long at;

    Finding(long address) {
      super(HeapIndex.this.bytes);
      this.address = address;
    }

    @Override
    void object(long at, long id) {
      if (id == address) {
        this.at = at;
      }
    }

    @Override
    boolean isDone() {
      return at != 0;
    }
  }
}
