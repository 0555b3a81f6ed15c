package dev.hotswap.leaks.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The classes of a dump. Written by one thread; read by many between that. */
final class DumpClasses {
  private final DumpBytes bytes;
  private final Outline outline;
  private final LongMap byId = new LongMap();
  private final List<DumpClass> all = new ArrayList<>();

  DumpClasses(DumpBytes bytes, Outline outline) {
    this.bytes = bytes;
    this.outline = outline;
  }

  /** Notes the class whose record is there. */
  void add(long at) {
    long id = bytes.id(at + 1);
    if (byId.get(id) == LongMap.NONE) {
      byId.put(id, all.size());
      all.add(new DumpClass(bytes, outline.className(id), at));
    }
  }

  /**
   * Lays all instances out; again after more have been added.
   *
   * @param noted the classes whose instances are looked out for
   */
  void link(Predicate<DumpClass> noted) {
    all.forEach(type -> type.link(this::of, outline::string, bytes.idSize()));
    all.forEach(type -> type.setNoted(noted.test(type)));
  }

  /** Classes of those loaders are never unloaded. */
  void setForever(Set<Long> loaders) {
    all.stream().filter(type -> loaders.contains(type.loader())).forEach(DumpClass::setForever);
  }

  /** The class of that identifier; null where there is none. */
  DumpClass of(long id) {
    long index = id == 0 ? LongMap.NONE : byId.get(id);
    return index == LongMap.NONE ? null : all.get((int) index);
  }

  List<DumpClass> all() {
    return all;
  }
}
