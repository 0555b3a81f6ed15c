package dev.hotswap.leaks.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

/** A class as the dump has it. Not changed once it has been linked to its superclass. */
final class DumpClass {
  /**
   * A field of its instances that refers to an object.
   *
   * @param owner the class that declares it
   * @param at where its value is, from the start of an instance's values
   */
  record Reference(DumpClass owner, String name, int at) {}

  private static final Set<String> REFERENT_IS_WEAK =
      Set.of(
          "java.lang.ref.WeakReference",
          "java.lang.ref.PhantomReference",
          "java.lang.ref.FinalReference");
  private static final String REFERENCE = "java.lang.ref.Reference";
  // by ClassValue at the class that it names: who comes from that class is there already
  private static final String AT_ITS_CLASS = "java.io.ClassCache$CacheRef";

  private final long id;
  private final String name;
  private final long at;
  private final long parentId;
  private final long loader;
  private final long[] fieldNames;
  private final byte[] fieldTypes;

  private DumpClass parent;
  private List<Reference> references = List.of();
  private int[] strong = {};
  private int soft = -1;
  private boolean noted;
  private boolean forever;

  /**
   * @param at where its record is
   */
  DumpClass(DumpBytes bytes, String name, long at) {
    int idSize = bytes.idSize();
    this.id = bytes.id(at + 1);
    this.name = name;
    this.at = at;
    this.parentId = bytes.id(at + 1 + idSize + 4);
    this.loader = bytes.id(at + 1 + 2L * idSize + 4);
    long next = ClassRecord.fields(bytes, at);
    int count = bytes.u2(next);
    next += 2;
    this.fieldNames = new long[count];
    this.fieldTypes = new byte[count];
    for (int i = 0; i < count; i++) {
      fieldNames[i] = bytes.id(next);
      fieldTypes[i] = (byte) bytes.u1(next + idSize);
      next += idSize + 1;
    }
    this.forever = loader == 0;
  }

  /** Lays its instances out: first its own fields, then those of its superclasses. */
  void link(LongFunction<DumpClass> classes, LongFunction<String> strings, int idSize) {
    parent = classes.apply(parentId);
    List<Reference> found = new ArrayList<>();
    int offset = 0;
    for (DumpClass type = this; type != null; type = classes.apply(type.parentId)) {
      for (int i = 0; i < type.fieldNames.length; i++) {
        if (type.fieldTypes[i] == Types.OBJECT) {
          found.add(new Reference(type, strings.apply(type.fieldNames[i]), offset));
        }
        offset += Types.size(type.fieldTypes[i], idSize);
      }
    }
    references = List.copyOf(found);
    boolean weak = isA(classes, REFERENT_IS_WEAK);
    boolean softly = isA(classes, Set.of("java.lang.ref.SoftReference"));
    List<Reference> held = new ArrayList<>();
    for (Reference reference : found) {
      boolean special = reference.owner().name.equals(REFERENCE);
      if (special && softly && reference.name().equals("referent")) {
        soft = reference.at();
      } else if (!isNoEdge(reference.owner().name, reference.name(), weak)) {
        held.add(reference);
      }
    }
    strong = held.stream().mapToInt(Reference::at).toArray();
  }

  // the collector chains what it has found by "discovered"
  private static boolean isNoEdge(String owner, String field, boolean weak) {
    return owner.equals(REFERENCE)
            && (field.equals("discovered") || weak && field.equals("referent"))
        || owner.equals(AT_ITS_CLASS) && field.equals("type");
  }

  private boolean isA(LongFunction<DumpClass> classes, Set<String> names) {
    for (DumpClass type = this; type != null; type = classes.apply(type.parentId)) {
      if (names.contains(type.name)) {
        return true;
      }
    }
    return false;
  }

  boolean isA(String wanted) {
    for (DumpClass type = this; type != null; type = type.parent) {
      if (type.name.equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Where a field is in an instance's values; -1 where it has none of that name. */
  int at(String field, LongFunction<String> strings, int idSize) {
    int offset = 0;
    for (DumpClass type = this; type != null; type = type.parent) {
      for (int i = 0; i < type.fieldNames.length; i++) {
        if (strings.apply(type.fieldNames[i]).equals(field)) {
          return offset;
        }
        offset += Types.size(type.fieldTypes[i], idSize);
      }
    }
    return -1;
  }

  long id() {
    return id;
  }

  /** With dots, of arrays as in the source. */
  String name() {
    return name;
  }

  /** Null where it has none. */
  DumpClass parent() {
    return parent;
  }

  /** Where its record is. */
  long at() {
    return at;
  }

  /** The identifier of its class loader; 0 for the boot loader. */
  long loader() {
    return loader;
  }

  /** All fields of its instances that refer to objects, also those that are no strong edge. */
  List<Reference> references() {
    return references;
  }

  /** Where the strong references are in an instance's values. */
  int[] strong() {
    return strong;
  }

  /** Where the softly held object is in an instance's values; -1 where there is none. */
  int soft() {
    return soft;
  }

  /** Whether its loader can never be unloaded: its static fields are roots then. */
  boolean isForever() {
    return forever;
  }

  void setForever() {
    forever = true;
  }

  /** Whether its instances are looked out for. */
  boolean isNoted() {
    return noted;
  }

  void setNoted(boolean noted) {
    this.noted = noted;
  }

  /** Whether all instances lead nowhere: no object of theirs is looked at. */
  boolean isLeaf() {
    return loader == 0
        && !noted
        && (strong.length == 0 && soft < 0 || name.equals("java.lang.String"));
  }
}
