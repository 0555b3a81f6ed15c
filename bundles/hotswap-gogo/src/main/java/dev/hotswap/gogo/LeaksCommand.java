package dev.hotswap.gogo;

import dev.hotswap.api.Generation;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Swapper;
import dev.hotswap.api.Verdict;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Which generations that have left are still in memory, and what holds them. */
final class LeaksCommand implements Command {
  /** Collections of all garbage: a few, of a JVM whose heap may be large. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Swapper swapper;
  private final Supplier<Optional<Leaks>> found;

  /**
   * @param found empty where there is none
   */
  LeaksCommand(Swapper swapper, Supplier<Optional<Leaks>> found) {
    this.swapper = swapper;
    this.found = found;
  }

  @Override
  public Syntax syntax() {
    return Syntax.optionally(Kind.RECLAIMED)
        .with("--why")
        .with("--keep")
        .with("--gc")
        .with("--json");
  }

  @Override
  public int run(Arguments given, Console console) {
    Leaks leaks = found.get().orElseThrow(LeaksCommand::none);
    Optional<String> plugin = given.given(0);
    boolean isJson = given.has("--json");
    if (given.has("--keep") && !given.has("--why")) {
      throw new UsageException("--keep keeps the dump of --why, which was not asked for");
    }
    if (given.has("--gc")) {
      leaks.collectNow(LIMIT);
    }
    if (given.has("--why")) {
      why(leaks, plugin, given.has("--keep"), isJson ? console.err() : console.out());
    }
    List<Leaks.Watched> watched =
        leaks.watched().stream()
            .filter(each -> plugin.filter(name -> !name.equals(plugin(each))).isEmpty())
            .toList();
    Instant now = swapper.snapshot().at(); // by the host's clock, as the moments are
    if (isJson) {
      console.out().println(Json.write(json(watched, leaks.count(), now)));
    } else {
      print(watched, leaks.count(), now, console);
    }
    return DONE;
  }

  private static UsageException none() {
    return new UsageException(
        "this host does not watch what becomes of generations that have left");
  }

  private static String plugin(Leaks.Watched watched) {
    return watched.generation().plugin();
  }

  /** The paths are listed with their generations. */
  private static void why(Leaks leaks, Optional<String> plugin, boolean keep, PrintStream out) {
    leaks.estimate().ifPresent(estimate -> out.println(words(estimate)));
    out.flush(); // before everything stands still
    if (keep) {
      leaks
          .whyAndKeep(plugin)
          .ifPresent(dump -> out.println("the dump is kept on the host's machine, in " + dump));
    } else {
      leaks.why(plugin);
    }
  }

  private static String words(HeapWalk.Estimate estimate) {
    return "walking the heap, "
        + (estimate.heap() >> 20)
        + " MB: all threads stand still for about "
        + Words.time(estimate.pause())
        + ", and it takes about "
        + Words.time(estimate.whole());
  }

  private static void print(
      List<Leaks.Watched> watched, Leaks.Count count, Instant now, Console console) {
    if (!watched.isEmpty()) {
      List<String> lines = table(watched, now).lines();
      console.out().println(Colour.BOLD.paint(lines.get(0), console));
      lines.stream().skip(1).forEach(console.out()::println);
      watched.forEach(each -> print(each, console));
    }
    console.out().println(words(count));
    if (watched.stream().anyMatch(each -> isHeld(each) && each.path().isEmpty())) {
      console.out().println("'leaks --why' says what holds them, by a dump of the heap");
    }
  }

  private static Table table(List<Leaks.Watched> watched, Instant now) {
    Table table =
        new Table("PLUGIN", "GENERATION", "VERSION", "VERDICT", "RECLAIMED", "AGE", "SWAP");
    for (Leaks.Watched each : watched) {
      table.row(
          plugin(each),
          String.valueOf(each.generation().number()),
          each.generation().version(),
          Words.of(each.verdict()),
          Words.moment(each.reclaimedAt()),
          Words.lasting(Duration.between(each.reclaimedAt(), now)),
          String.valueOf(each.swap()));
    }
    return table;
  }

  private static void print(Leaks.Watched watched, Console console) {
    for (Leftover leftover : watched.leftovers()) {
      console.out().println("left behind: " + watched.generation() + ": " + leftover.label());
    }
    watched
        .path()
        .map(path -> isHeld(watched) ? Colour.RED.paint(path.label(), console) : path.label())
        .ifPresent(console.out()::println);
  }

  static boolean isHeld(Leaks.Watched watched) {
    return watched.verdict() == Verdict.HELD;
  }

  static String words(Leaks.Count count) {
    return "of those reclaimed: collected "
        + count.collected()
        + ", found to be held "
        + count.held()
        + ", watched "
        + count.watched();
  }

  private static Map<String, Object> json(
      List<Leaks.Watched> watched, Leaks.Count count, Instant now) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("schema", "hotswap-leaks/1");
    map.put("at", now.toString());
    map.putAll(json(count));
    map.put("generations", watched.stream().map(LeaksCommand::json).toList());
    return map;
  }

  static Map<String, Object> json(Leaks.Count count) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("collected", count.collected());
    map.put("held", count.held());
    map.put("watched", count.watched());
    return map;
  }

  static Map<String, Object> json(Leaks.Watched watched) {
    Generation generation = watched.generation();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("plugin", generation.plugin());
    map.put("number", generation.number());
    map.put("version", generation.version());
    map.put("sha256", generation.sha256());
    map.put("swap", watched.swap());
    map.put("reclaimedAt", watched.reclaimedAt().toString());
    map.put("verdict", word(watched.verdict()));
    List<Object> leftovers = new ArrayList<>();
    watched.leftovers().forEach(leftover -> leftovers.add(json(leftover)));
    map.put("leftovers", leftovers);
    map.put("path", watched.path().map(LeaksCommand::json).orElse(null));
    return map;
  }

  private static Map<String, Object> json(Leftover leftover) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", word(leftover.kind()));
    map.put("what", leftover.what());
    map.put("undone", leftover.undone());
    map.put("remedy", leftover.remedy());
    return map;
  }

  private static Map<String, Object> json(HoldingPath path) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("verdict", word(path.verdict()));
    map.put("holder", path.holder());
    map.put("steps", path.steps());
    map.put("remedy", path.remedy());
    return map;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
