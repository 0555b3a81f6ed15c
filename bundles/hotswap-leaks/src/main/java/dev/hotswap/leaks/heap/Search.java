package dev.hotswap.leaks.heap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The shortest ways from the roots to some objects, found level by level, for all of them at once.
 * First by strong references; where those do not lead to all, from what must be alive although the
 * dump does not say by what; only where that does not either, by soft references too, as many one
 * after the other as it takes.
 */
final class Search {

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PIECE = 8192;

  private final DumpBytes bytes;
  private final HeapIndex index;
  private final Crew crew;
  private final long[] visited;
  // the number that led there; below zero a root
  private final int[] parents;
  private final List<Root> roots;
  private final IntList softReferences = new IntList();
  private int softlyEntered;
  private List<IntList> frontier = new ArrayList<>();

  Search(DumpBytes bytes, HeapIndex index, Crew crew) {
    this.bytes = bytes;
    this.index = index;
    this.crew = crew;
    this.visited = new long[(index.size() + 63) / 64];
    this.parents = new int[index.size()];
    this.roots = new ArrayList<>();
    index.candidates().roots().stream()
        .filter(root -> root.kind() == Root.THREAD_OBJECT)
        .forEach(roots::add);
    index.classes().all().stream()
        .filter(DumpClass::isForever)
        .forEach(type -> roots.add(new Root(Root.FOREVER, type.id(), 0, 0)));
    index.candidates().roots().stream()
        .filter(root -> root.kind() != Root.THREAD_OBJECT)
        .forEach(roots::add);
  }

  /**
   * Searches until all were reached.
   *
   * @return by what each was, in their order
   */
  List<HeapPath.Reach> search(List<Integer> wanted) {
    HeapPath.Reach[] reached = new HeapPath.Reach[wanted.size()];
    levels(wanted, true);
    if (!areVisited(wanted)) {
      enterFieldsOfClass();
      levels(wanted, false);
    }
    note(wanted, reached, HeapPath.Reach.STRONGLY);
    // behind a soft reference there may be another one
    while (!areVisited(wanted) && softlyEntered < softReferences.size()) {
      enterSoftly();
      levels(wanted, false);
    }
    note(wanted, reached, HeapPath.Reach.SOFTLY);
    note(wanted, reached, HeapPath.Reach.NOT);
    return List.of(reached);
  }

  private void note(List<Integer> wanted, HeapPath.Reach[] reached, HeapPath.Reach reach) {
    for (int i = 0; i < reached.length; i++) {
      if (reached[i] == null && (reach == HeapPath.Reach.NOT || isVisited(wanted.get(i)))) {
        reached[i] = reach;
      }
    }
  }

  private boolean areVisited(Collection<Integer> wanted) {
    return wanted.stream().allMatch(this::isVisited);
  }

  private void levels(List<Integer> wanted, boolean withRoots) {
    for (int level = 0; ; level++) {
      if (withRoots) {
        enterRoots(level);
      }
      if (areVisited(wanted) || isEmpty() && (!withRoots || level > Root.LONGEST_DELAY)) {
        return;
      }
      step();
    }
  }

  private boolean isEmpty() {
    return frontier.stream().allMatch(list -> list.size() == 0);
  }

  private void enterRoots(int level) {
    IntList entered = new IntList();
    for (int i = 0; i < roots.size(); i++) {
      if (roots.get(i).delay() == level) {
        enter(index.numberOf(roots.get(i).id()), -1 - i, entered);
      }
    }
    frontier.add(entered);
  }

  private void enterSoftly() {
    Visit visit = new Visit();
    while (softlyEntered < softReferences.size()) {
      visit.softly(softReferences.get(softlyEntered++));
    }
    frontier = new ArrayList<>(List.of(visit.found));
  }

  private void enterFieldsOfClass() {
    IntList entered = new IntList();
    for (Candidates.Found found : index.candidates().inFieldsOfClass()) {
      roots.add(new Root(Root.FIELD_OF_CLASS, found.id(), 0, 0));
      enter(index.numberOf(found.id()), -roots.size(), entered);
    }
    frontier = new ArrayList<>(List.of(entered));
  }

  private void enter(int number, int parent, IntList entered) {
    if (number >= 0 && tryVisit(number)) {
      parents[number] = parent;
      entered.add(number);
    }
  }

  private boolean isVisited(int number) {
    return (visited[number >>> 6] >>> number & 1) != 0;
  }

  private boolean tryVisit(int number) {
    long bit = 1L << number;
    return (visited[number >>> 6] & bit) == 0
        && ((long) WORD.getAndBitwiseOr(visited, number >>> 6, bit) & bit) == 0;
  }

  private record Piece(IntList list, int from, int to) {}

  /** Goes from all that was reached last to all that those refer to. */
  private void step() {
    List<Piece> pieces = new ArrayList<>();
    for (IntList list : frontier) {
      for (int from = 0; from < list.size(); from += PIECE) {
        pieces.add(new Piece(list, from, Math.min(list.size(), from + PIECE)));
      }
    }
    Visit[] visits = new Visit[crew.threads()];
    crew.work(pieces.size(), member -> visit(visits[member] = new Visit(), pieces));
    frontier = new ArrayList<>();
    for (Visit visit : visits) {
      if (visit != null) {
        frontier.add(visit.found);
        for (int i = 0; i < visit.soft.size(); i++) {
          softReferences.add(visit.soft.get(i));
        }
      }
    }
  }

  private static IntConsumer visit(Visit visit, List<Piece> pieces) {
    return number -> {
      Piece piece = pieces.get(number);
      for (int i = piece.from(); i < piece.to(); i++) {
        visit.object(piece.list().get(i));
      }
    };
  }

  /** What one thread finds in one step. */
  private final class Visit {
    private final IntList found = new IntList();
    private final IntList soft = new IntList();
    private final int idSize = bytes.idSize();
    private long lastId;
    private DumpClass last;

    void object(int number) {
      long at = index.at(number);
      if (at == 0) {
        return;
      }
      switch (bytes.u1(at)) {
        case HeapRecords.CLASS -> ClassRecord.visit(bytes, at, (id, name) -> reach(id, number));
        case HeapRecords.INSTANCE -> instance(number, at);
        case HeapRecords.OBJECTS -> elements(number, at);
        default -> {
          // numbers
        }
      }
    }

    private DumpClass type(long id) {
      if (id != lastId) {
        lastId = id;
        last = index.classes().of(id);
      }
      return last;
    }

    private void instance(int number, long at) {
      DumpClass type = type(bytes.id(at + 1 + idSize + 4));
      if (type == null) {
        return;
      }
      long values = at + 1 + 2L * idSize + 8;
      for (int offset : type.strong()) {
        reach(bytes.id(values + offset), number);
      }
      if (type.soft() >= 0) {
        soft.add(number);
      }
      ofClass(type, number);
    }

    private void elements(int number, long at) {
      long elements = at + 1 + 2L * idSize + 8;
      long count = bytes.u4(at + 1 + idSize + 4);
      for (long i = 0; i < count; i++) {
        reach(bytes.id(elements + i * idSize), number);
      }
      DumpClass type = type(bytes.id(elements - idSize));
      if (type != null) {
        ofClass(type, number);
      }
    }

    private void ofClass(DumpClass type, int number) {
      if (!type.isForever()) {
        reach(type.id(), number);
      }
    }

    private void softly(int number) {
      long at = index.at(number);
      DumpClass type = type(bytes.id(at + 1 + idSize + 4));
      reach(bytes.id(at + 1 + 2L * idSize + 8 + type.soft()), number);
    }

    private void reach(long id, int parent) {
      if (id != 0) {
        enter(index.numberOf(id), parent, found);
      }
    }
  }

  /** The root by which the object was reached. */
  Root root(int number) {
    int at = number;
    while (parents[at] >= 0) {
      at = parents[at];
    }
    return roots.get(-1 - parents[at]);
  }

  /** All on the way to the object, from what the root refers to on. */
  List<Integer> way(int number) {
    List<Integer> way = new ArrayList<>();
    for (int at = number; at >= 0; at = parents[at]) {
      way.add(0, at);
    }
    return way;
  }
}
