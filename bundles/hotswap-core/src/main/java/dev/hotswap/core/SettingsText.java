package dev.hotswap.core;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings as people write them, such as {@code drain.deadline=30s}. What is not there has its
 * ordinary value. What cannot be read is refused with an {@link IllegalArgumentException}, which
 * says what was written and how it could be.
 */
public final class SettingsText {
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "min", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS);
  private static final Pattern TIME = Pattern.compile("(\\d+)\\s*(ms|s|min|h)");

  private final UnaryOperator<String> texts;

  /**
   * @param texts what is written for a key; null where nothing is
   */
  public SettingsText(UnaryOperator<String> texts) {
    this.texts = texts;
  }

  /** The settings of swaps, by the keys that {@code config/host.properties} explains. */
  public SwapSettings settings() {
    SwapSettings ordinary = SwapSettings.DEFAULT;
    return new SwapSettings(
        time("availability", ordinary.availability()),
        time("start.limit", ordinary.startLimit()),
        time("drain.deadline", ordinary.drainDeadline()),
        time("standby", ordinary.standby()),
        count("history", ordinary.history()),
        yesOrNo("lease.tracking", ordinary.leaseTracking()),
        word("on.deadline", ordinary.onDeadline()),
        count("live.generations", ordinary.liveGenerations()),
        verdicts(ordinary.verdicts()));
  }

  private VerdictSettings verdicts(VerdictSettings ordinary) {
    return new VerdictSettings(
        time("verdict.after", ordinary.after()),
        yesOrNo("verdict.gc", ordinary.gc()),
        oneOf("why", List.of("never", "once"), ordinary.whyOnce() ? 1 : 0) == 1);
  }

  /** A whole number and its unit. */
  public Duration time(String key, Duration ordinary) {
    String text = texts.apply(key);
    if (text == null) {
      return ordinary;
    }
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw noTime(key, text, "is no time");
    }
    try {
      Duration time = Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
      time.toNanos(); // what is waited for is counted in these
      return time;
    } catch (ArithmeticException | NumberFormatException e) {
      throw noTime(key, text, "is longer than 292 years");
    }
  }

  private static IllegalArgumentException noTime(String key, String text, String fault) {
    return new IllegalArgumentException(
        key + "=" + text + " " + fault + "; write it like 500 ms, 30s, 10min or 1h");
  }

  public int count(String key, int ordinary) {
    String text = texts.apply(key);
    try {
      return text == null ? ordinary : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + "=" + text + " is no whole number", e);
    }
  }

  /** The word true, or false. */
  public boolean yesOrNo(String key, boolean ordinary) {
    String text = texts.apply(key);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(key + "=" + text + " is neither true nor false");
    }
    return text == null ? ordinary : Boolean.parseBoolean(text);
  }

  /** One of the constants, in lower case. */
  public <E extends Enum<E>> E word(String key, E ordinary) {
    List<E> constants = List.of(ordinary.getDeclaringClass().getEnumConstants());
    List<String> words =
        constants.stream().map(constant -> constant.name().toLowerCase(Locale.ROOT)).toList();
    return constants.get(oneOf(key, words, ordinary.ordinal()));
  }

  /** The place of what is written among the words. */
  private int oneOf(String key, List<String> words, int ordinary) {
    String text = texts.apply(key);
    if (text != null && !words.contains(text)) {
      throw new IllegalArgumentException(key + "=" + text + " is none of " + words);
    }
    return text == null ? ordinary : words.indexOf(text);
  }
}
