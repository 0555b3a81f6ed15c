package dev.hotswap.examples.app;

import dev.hotswap.api.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table at the end: what the host counted, by version of the plugin, and how long it took. */
final class Table {
  private static final String HEAD = "%-7s %11s %14s %14s %6s %12s %9s";
  private static final String ROW = "%-7s %,11d %,14d %,14d %,6d %12s %9s";

  private Table() {}

  static List<String> of(List<Lifetime> lifetimes, List<Duration> swapTimes) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            HEAD, "version", "generations", "started", "returned", "threw", "drain median", "max"));
    byVersion(lifetimes).forEach((version, group) -> lines.add(row(version, group)));
    lines.add(row("all", lifetimes));
    lines.add("swap: median " + millis(median(swapTimes)) + ", max " + millis(longest(swapTimes)));
    return lines;
  }

  private static Map<String, List<Lifetime>> byVersion(List<Lifetime> lifetimes) {
    return lifetimes.stream()
        .collect(
            Collectors.groupingBy(
                lifetime -> lifetime.generation().version(), TreeMap::new, Collectors.toList()));
  }

  private static String row(String name, List<Lifetime> group) {
    Calls calls = sum(group);
    List<Duration> drains = group.stream().flatMap(life -> life.drain().stream()).toList();
    return String.format(
        Locale.ROOT,
        ROW,
        name,
        group.size(),
        calls.started(),
        calls.returned(),
        calls.threw(),
        millis(median(drains)),
        millis(longest(drains)));
  }

  /** The calls of all of them. */
  static Calls sum(Collection<Lifetime> lifetimes) {
    return lifetimes.stream().map(Lifetime::calls).reduce(Calls.NONE, Calls::plus);
  }

  private static Duration median(List<Duration> times) {
    return times.isEmpty() ? Duration.ZERO : times.stream().sorted().toList().get(times.size() / 2);
  }

  private static Duration longest(List<Duration> times) {
    return times.stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.2f ms", time.toNanos() / 1e6);
  }
}
