package dev.hotswap.gogo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command takes.
 *
 * @param least how many operands at least
 * @param most how many at most
 * @param operands what each of them is; the last stands for all that follow
 * @param options their names, and what follows each; nothing follows a flag
 */
record Syntax(int least, int most, List<Kind> operands, Map<String, Optional<Kind>> options) {
  static final Syntax NOTHING = new Syntax(0, 0, List.of(), Map.of());

  /** One file or more. */
  static Syntax files() {
    return new Syntax(1, Integer.MAX_VALUE, List.of(Kind.FILE), Map.of());
  }

  /** Exactly these. */
  static Syntax of(Kind... operands) {
    return new Syntax(operands.length, operands.length, List.of(operands), Map.of());
  }

  /** The last of them may be left out. */
  static Syntax optionally(Kind... operands) {
    return new Syntax(operands.length - 1, operands.length, List.of(operands), Map.of());
  }

  Syntax with(String flag) {
    return with(flag, Optional.empty());
  }

  Syntax with(String option, Kind value) {
    return with(option, Optional.of(value));
  }

  private Syntax with(String option, Optional<Kind> value) {
    Map<String, Optional<Kind>> more = new LinkedHashMap<>(options);
    more.put(option, value);
    return new Syntax(least, most, operands, more);
  }

  /** What the operand at that place is, if there may be one. */
  Optional<Kind> operand(int place) {
    return place >= most || operands.isEmpty()
        ? Optional.empty()
        : Optional.of(operands.get(Math.min(place, operands.size() - 1)));
  }

  /** The operands as they stand in a usage line. */
  String usage() {
    StringBuilder usage = new StringBuilder();
    for (int i = 0; i < operands.size(); i++) {
      String word = operands.get(i).word();
      usage.append(i < least ? " " + word : " [" + word + "]");
    }
    return most == Integer.MAX_VALUE ? usage + "..." : usage.toString();
  }
}
