package dev.hotswap.itest;

import dev.hotswap.api.Verdict;
import java.util.List;

/**
 * An animal of the zoo, and what has to be found out about it.
 *
 * @param name its class in the package of the zoo
 * @param verdict what becomes of its classes once it has been swapped out
 * @param leftover what the reported leftovers have to say, one text of a leftover each; empty where
 *     nothing is to be reported
 * @param path words of the path by which it is held; empty where it is not
 */
record Inmate(String name, Verdict verdict, List<String> leftover, List<String> path) {
  private static final String PACKAGE = "dev.hotswap.itest.zoo.";

  /** Held, by a path with these words. */
  static Inmate held(String name, String... path) {
    return new Inmate(name, Verdict.HELD, List.of(), List.of(path));
  }

  /** Held only softly. */
  static Inmate softlyHeld(String name) {
    return new Inmate(name, Verdict.SOFTLY_HELD, List.of(), List.of());
  }

  /** Collected, because what it leaves behind is taken back, and reported in these words. */
  static Inmate takenBack(String name, String leftover) {
    return new Inmate(name, Verdict.COLLECTED, List.of(leftover), List.of());
  }

  /** Collected, without a word. */
  static Inmate clean(String name) {
    return new Inmate(name, Verdict.COLLECTED, List.of(), List.of());
  }

  /** This, with a leftover that is reported and stays. */
  Inmate reported(String what) {
    return new Inmate(name, verdict, List.of(what), path);
  }

  String type() {
    return PACKAGE + name;
  }

  boolean isControl() {
    return verdict != Verdict.HELD && leftover.isEmpty();
  }
}
