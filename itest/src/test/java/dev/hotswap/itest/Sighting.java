package dev.hotswap.itest;

import dev.hotswap.api.Verdict;
import java.util.List;

/** What the host said about an inmate of the zoo that had left. */
record Sighting(Inmate inmate, Verdict verdict, List<String> leftovers, List<String> paths) {

  /** Out of the lines that the zoo prints. */
  static Sighting of(Inmate inmate, List<String> lines) {
    List<String> verdicts = said("verdict", inmate, lines);
    if (verdicts.size() != 1) {
      throw new AssertionError("verdicts on " + inmate.name() + ": " + verdicts + " in " + lines);
    }
    return new Sighting(
        inmate,
        Verdict.valueOf(verdicts.get(0)),
        said("leftover", inmate, lines),
        said("path", inmate, lines));
  }

  private static List<String> said(String what, Inmate inmate, List<String> lines) {
    String start = what + " " + inmate.name() + " ";
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }

  boolean isVerdictRight() {
    return verdict == inmate.verdict();
  }

  /** Whether all was reported that is to be, and nothing else. */
  boolean areLeftoversRight() {
    return leftovers.size() == inmate.leftover().size()
        && inmate.leftover().stream()
            .allMatch(words -> leftovers.stream().anyMatch(said -> said.contains(words)));
  }

  boolean isPathRight() {
    return paths.size() == 1 && inmate.path().stream().allMatch(paths.get(0)::contains);
  }

  boolean isFalseAlarm() {
    return inmate.isControl() && (verdict == Verdict.HELD || !leftovers.isEmpty());
  }
}
