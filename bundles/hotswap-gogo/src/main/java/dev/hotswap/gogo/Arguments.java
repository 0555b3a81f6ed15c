package dev.hotswap.gogo;

import dev.hotswap.api.DeadlinePolicy;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words after a command, told apart.
 *
 * @param operands those that are no options, in their order
 * @param options the options that were given, with their values; a flag has an empty one
 */
record Arguments(List<String> operands, Map<String, String> options) {
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "min", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS);
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})\\s*(ms|s|min|h)");

  /**
   * An option's value follows it, or stands behind {@code =}; after {@code --} there are only
   * operands.
   *
   * @throws UsageException when the command does not take these
   */
  static Arguments parse(String command, Syntax syntax, List<String> words) {
    List<String> operands = new ArrayList<>();
    Map<String, String> options = new HashMap<>();
    Iterator<String> rest = words.iterator();
    boolean optionsMayFollow = true;
    while (rest.hasNext()) {
      String word = rest.next();
      if (optionsMayFollow && word.equals("--")) {
        optionsMayFollow = false;
      } else if (optionsMayFollow && word.startsWith("--")) {
        option(command, syntax, word, rest, options);
      } else {
        operands.add(word);
      }
    }
    requireCount(command, syntax, operands);
    return new Arguments(List.copyOf(operands), Map.copyOf(options));
  }

  private static void option(
      String command,
      Syntax syntax,
      String word,
      Iterator<String> rest,
      Map<String, String> options) {
    String[] parts = word.split("=", 2);
    String name = parts[0];
    if (!syntax.options().containsKey(name)) {
      throw unknown(command, syntax, name);
    }
    Optional<Kind> value = syntax.options().get(name);
    if (value.isEmpty() && parts.length == 2) {
      throw new UsageException(command + ": " + name + " takes no value");
    }
    if (value.isPresent() && parts.length == 1 && !rest.hasNext()) {
      throw new UsageException(command + ": " + name + " needs a value, " + value.get().word());
    }
    String given = parts.length == 2 ? parts[1] : value.isPresent() ? rest.next() : "";
    if (options.put(name, given) != null) {
      throw new UsageException(command + ": " + name + " stands there twice");
    }
  }

  private static UsageException unknown(String command, Syntax syntax, String name) {
    String known =
        syntax.options().isEmpty()
            ? "it takes none"
            : "it takes " + String.join(", ", syntax.options().keySet());
    return new UsageException(command + ": there is no option " + name + "; " + known);
  }

  private static void requireCount(String command, Syntax syntax, List<String> operands) {
    if (operands.size() < syntax.least() || operands.size() > syntax.most()) {
      String fault =
          operands.size() > syntax.most()
              ? "'" + operands.get(syntax.most()) + "' is one word too many"
              : "there is something missing";
      throw new UsageException(
          command + ": " + fault + "; write it as: " + command + syntax.usage());
    }
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  String operand(int place) {
    return operands.get(place);
  }

  /** The operand at that place, if it was given. */
  Optional<String> given(int place) {
    return place < operands.size() ? Optional.of(operands.get(place)) : Optional.empty();
  }

  Optional<String> text(String option) {
    return Optional.ofNullable(options.get(option));
  }

  Optional<Duration> time(String option) {
    return text(option).map(value -> time(option, value));
  }

  private static Duration time(String option, String value) {
    Matcher matcher = TIME.matcher(value);
    if (!matcher.matches()) {
      throw new UsageException(
          option + ": '" + value + "' is no time; write it like 500ms, 30s, 10min or 1h");
    }
    return Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
  }

  Optional<DeadlinePolicy> policy(String option) {
    return text(option).map(Arguments::policyOf);
  }

  static DeadlinePolicy policyOf(String word) {
    for (DeadlinePolicy policy : DeadlinePolicy.values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(word)) {
        return policy;
      }
    }
    throw new UsageException("'" + word + "' is none of " + Kind.POLICY.word());
  }

  static long number(String what, String word) {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw new UsageException("'" + word + "' is no " + what + ", which is a whole number");
    }
  }
}
