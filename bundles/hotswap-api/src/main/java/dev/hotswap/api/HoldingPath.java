package dev.hotswap.api;

import java.util.List;
import java.util.Objects;

/**
 * The shortest way by which a root of the garbage collector keeps the classes of a generation in
 * memory. A value, text only.
 *
 * @param generation whose classes
 * @param verdict {@link Verdict#HELD} where every step of it is a strong reference; {@link
 *     Verdict#SOFTLY_HELD} where only paths with a soft one were found; {@link Verdict#WATCHED}
 *     where there is none: then compiled code that is on a stack, something that dumps do not have,
 *     or a collection that is still to come, keeps them
 * @param holder the root, and who owns it: {@code thread "pool-3-thread-1" (started by the host)};
 *     empty where there is no path
 * @param steps from the root to the class loader, in the words of a Java developer: {@code
 *     ThreadLocal value com.acme.Ctx}, {@code field com.acme.Cache.entries}
 * @param remedy what to write, and where
 */
public record HoldingPath(
    Generation generation, Verdict verdict, String holder, List<String> steps, String remedy) {
  public HoldingPath {
    Objects.requireNonNull(generation, "generation");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(holder, "holder");
    Objects.requireNonNull(remedy, "remedy");
    steps = List.copyOf(steps);
  }

  /** All of it in one line: {@code held: rules generation 7 (2.0.0) by ... -> ...; remedy: ...}. */
  public String label() {
    String start =
        switch (verdict) {
          case HELD -> "held: " + generation + "  by  " + holder;
          case SOFTLY_HELD -> "softly held: " + generation + "  by  " + holder;
          default -> "no path: nothing that a dump shows leads to " + generation;
        };
    return start
        + (steps.isEmpty() ? "" : " -> " + String.join(" -> ", steps))
        + "; remedy: "
        + remedy;
  }
}
