package dev.hotswap.bench;

import java.util.ArrayList;
import java.util.List;

/** The targets of one run, each printed as reached or MISSED. For one thread. */
final class Verdicts {
  private final List<String> missed = new ArrayList<>();

  void atMost(String what, double is, double target) {
    verdict(is <= target, what, is, "at most", target);
  }

  void atLeast(String what, double is, double target) {
    verdict(is >= target, what, is, "at least", target);
  }

  private void verdict(boolean reached, String what, double is, String side, double target) {
    if (!reached) {
      missed.add(what);
    }
    System.out.printf(
        "%-8s %-46s %8.2f   target: %s %.2f%n",
        reached ? "reached" : "MISSED", what, is, side, target);
  }

  /**
   * Prints the outcome as the last line.
   *
   * @return the exit status of the program: 1 where a target was missed
   */
  int close() {
    System.out.println(
        missed.isEmpty() ? "all targets reached" : "targets MISSED: " + String.join("; ", missed));
    return missed.isEmpty() ? 0 : 1;
  }
}
