package dev.hotswap.leaks.heap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A heap dump that was read. For one thread. */
public final class Heap {
  private final DumpBytes bytes;
  private final Outline outline;
  private final HeapIndex index;
  private final Crew crew;

  private Heap(DumpBytes bytes, String marker, Crew crew, Budget budget) {
    this.bytes = bytes;
    this.crew = crew;
    this.outline = new Outline(bytes);
    this.index = new HeapIndex(bytes, outline, marker, crew, budget);
  }

  /**
   * Reads the dump.
   *
   * @param marker the class whose instances say what is sought: see {@link #markers}
   * @param threads on how many threads
   * @throws DamagedDumpException where it is no dump, or not a whole one
   * @throws OverBudgetException where that takes more than it may
   * @throws IOException where the file cannot be read
   */
  public static Heap read(Path dump, String marker, int threads, Budget budget) throws IOException {
    try {
      return new Heap(DumpBytes.map(dump), marker, new Crew(threads, budget), budget);
    } catch (IndexOutOfBoundsException | InternalError e) {
      throw new DamagedDumpException("it ends in the midst of a record", e);
    }
  }

  /** The instances of the marker class. */
  public List<HeapObject> markers() {
    return index.candidates().markers().stream()
        .map(found -> object(found.id()).orElseThrow())
        .toList();
  }

  /**
   * The shortest paths from roots to the objects; of an object that none leads to, an empty one.
   *
   * @param ids the objects' identifiers
   */
  public Map<Long, HeapPath> paths(List<Long> ids) {
    List<Integer> numbers = ids.stream().map(index::numberOf).toList();
    if (numbers.contains(-1)) {
      throw new DamagedDumpException("an object that it refers to is missing");
    }
    Search search = new Search(bytes, index, crew);
    List<HeapPath.Reach> reached = search.search(numbers);
    Map<Long, HeapPath> paths = new TreeMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      paths.put(
          ids.get(i),
          reached.get(i) == HeapPath.Reach.NOT
              ? HeapPath.NONE
              : path(reached.get(i), search.root(numbers.get(i)), search.way(numbers.get(i))));
    }
    return paths;
  }

  private HeapPath path(HeapPath.Reach reach, Root root, List<Integer> way) {
    List<HeapObject> objects =
        way.stream().map(number -> new HeapObject(this, index.at(number))).toList();
    List<HeapPath.Hop> hops = new ArrayList<>();
    for (int i = 1; i < objects.size(); i++) {
      hops.add(objects.get(i - 1).hopTo(objects.get(i)));
    }
    return new HeapPath(reach, Optional.of(rootOf(root)), objects, hops);
  }

  private HeapPath.From rootOf(Root root) {
    Optional<Root> thread =
        index.candidates().roots().stream()
            .filter(one -> one.kind() == Root.THREAD_OBJECT && one.thread() == root.thread())
            .findFirst()
            .filter(found -> root.thread() != 0);
    return new HeapPath.From(
        root.kind(),
        thread.flatMap(found -> object(found.id())),
        thread.map(found -> stack(found.frame())).orElse(List.of()),
        root.isOnStack() ? (int) root.frame() : -1);
  }

  private List<HeapPath.Frame> stack(long trace) {
    return outline.frames(trace).stream()
        .map(
            frame ->
                new HeapPath.Frame(
                    outline.className(frame.type()), frame.method(), object(frame.type())))
        .toList();
  }

  /** Any object of the dump; empty where it has none with that identifier. */
  public Optional<HeapObject> object(long id) {
    long at = id == 0 ? 0 : index.find(id);
    return at == 0 ? Optional.empty() : Optional.of(new HeapObject(this, at));
  }

  DumpBytes bytes() {
    return bytes;
  }

  Outline outline() {
    return outline;
  }

  DumpClasses classes() {
    return index.classes();
  }
}
