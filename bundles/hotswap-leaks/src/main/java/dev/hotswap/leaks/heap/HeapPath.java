package dev.hotswap.leaks.heap;

import java.util.List;
import java.util.Optional;

/**
 * A way from a root to an object.
 *
 * @param reach whether all references on it are strong
 * @param root where it begins; empty where none leads there
 * @param objects all on it, from what the root refers to on
 * @param hops how each refers to the next
 */
public record HeapPath(Reach reach, Optional<From> root, List<HeapObject> objects, List<Hop> hops) {
  /** By what an object was reached. */
  public enum Reach {
    STRONGLY,
    SOFTLY,
    NOT
  }

  /** How one object refers to another. */
  public enum Link {
    FIELD,
    STATIC_FIELD,
    ELEMENT,
    /** An object to its class. */
    CLASS,
    /** A class to its loader. */
    LOADER,
    /** A class to another thing that is no field: its superclass, a constant, its signers. */
    OTHER
  }

  /**
   * A step.
   *
   * @param owner the class that declares the field; empty where it is no field
   * @param field its name; empty where it is no field
   */
  public record Hop(HeapObject from, Link link, String owner, String field, HeapObject to) {}

  /**
   * A method on the stack of a thread.
   *
   * @param type its class, where that is in the dump
   */
  public record Frame(String className, String method, Optional<HeapObject> type) {}

  /**
   * Where a path begins.
   *
   * @param kind the tag of the root in the dump, or one of {@link #STATIC_FIELDS} and {@link
   *     #FIELD_OF_CLASS}
   * @param thread the thread whose root it is
   * @param stack that thread's, innermost first
   * @param frame which of them refers to the object; -1 where that is not known
   */
  public record From(int kind, Optional<HeapObject> thread, List<Frame> stack, int frame) {
    /** The static fields of a class that is never unloaded. */
    public static final int STATIC_FIELDS = Root.FOREVER;

    /** A field of a {@code java.lang.Class}: those are not in the dump. */
    public static final int FIELD_OF_CLASS = Root.FIELD_OF_CLASS;

    /** Native code. */
    public static final int JNI_GLOBAL = Root.JNI_GLOBAL;

    /** A thread itself. */
    public static final int THREAD = Root.THREAD_OBJECT;
  }

  static final HeapPath NONE = new HeapPath(Reach.NOT, Optional.empty(), List.of(), List.of());
}
