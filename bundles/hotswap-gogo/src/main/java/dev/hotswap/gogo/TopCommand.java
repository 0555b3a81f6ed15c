package dev.hotswap.gogo;

import dev.hotswap.api.CallTimes;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Swapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What goes on in each plugin, once a second, until a key is pressed. */
final class TopCommand implements Command {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String BACK = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final Swapper swapper;

  TopCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.NOTHING;
  }

  /** Without a terminal there is one screen, after a second. */
  @Override
  public int run(Arguments given, Console console) throws InterruptedException {
    try (CallTimes times = swapper.callTimes()) {
      return watch(times, console);
    }
  }

  private int watch(CallTimes times, Console console) throws InterruptedException {
    Snapshot before = swapper.snapshot();
    if (!console.isTerminal()) {
      if (!console.awaitKey(PERIOD)) {
        screen(before, swapper.snapshot(), times.take()).forEach(console.out()::println);
      }
      return DONE;
    }
    console.out().print(OTHER_SCREEN);
    try {
      Duration wait = Duration.ofMillis(200); // not a whole second of an empty screen
      while (!console.awaitKey(wait)) {
        Snapshot now = swapper.snapshot();
        draw(screen(before, now, times.take()), console);
        before = now;
        wait = PERIOD;
      }
    } finally {
      console.out().print(BACK);
      console.out().flush();
    }
    return DONE;
  }

  /** Over what is there, line by line, so that nothing flickers; cut at the edge. */
  private static void draw(List<String> lines, Console console) {
    StringBuilder screen = new StringBuilder(HOME);
    for (int i = 0; i < Math.min(lines.size(), console.height() - 1); i++) {
      String line = lines.get(i);
      String cut = line.substring(0, Math.min(line.length(), console.width()));
      screen
          .append(i == 1 ? Colour.BOLD.paint(cut, console) : cut)
          .append(CLEAR_LINE)
          .append("\r\n");
    }
    console.out().print(screen + CLEAR_BELOW);
    console.out().flush();
  }

  /** Of those calls that are seen; {@code <2} where it is too short to be told. */
  private static String p99(Generation generation, List<CallTimes.Times> times) {
    return times.stream()
        .filter(seen -> seen.generation().equals(generation))
        .findFirst()
        .map(TopCommand::p99)
        .orElse("");
  }

  private static String p99(CallTimes.Times seen) {
    double millis = seen.p99().toNanos() / 1e6;
    return seen.p99().equals(seen.resolution())
        ? String.format(Locale.ROOT, "<%.0f", Math.ceil(millis))
        : String.format(Locale.ROOT, "%,.1f", millis);
  }

  private List<String> screen(Snapshot before, Snapshot now, List<CallTimes.Times> times) {
    double seconds = Duration.between(before.at(), now.at()).toNanos() / 1e9;
    Map<Generation, Calls> then = new HashMap<>();
    before
        .plugins()
        .forEach(
            plugin ->
                plugin.generations().forEach(live -> then.put(live.generation(), live.calls())));
    Wishes wishes = new Wishes(swapper.receipts());
    Table table =
        new Table(
            "PLUGIN",
            "GENERATION",
            "VERSION",
            "STAGE",
            "CALLS/S",
            "P99 MS",
            "IN FLIGHT",
            "THREW",
            "SWAPS");
    for (Snapshot.Plugin plugin : now.plugins()) {
      for (Snapshot.Live live : plugin.generations()) {
        Calls calls = live.calls();
        Calls old = then.get(live.generation());
        long more = calls.started() - (old == null ? 0 : old.started());
        table.row(
            plugin.name(),
            String.valueOf(live.generation().number()),
            live.generation().version(),
            Words.of(live.stage()),
            seconds > 0 ? String.format(Locale.ROOT, "%,.0f", more / seconds) : "",
            p99(live.generation(), times),
            String.valueOf(calls.inFlight()),
            String.valueOf(calls.threw()),
            String.valueOf(wishes.swapsOf(plugin.name())));
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "hotswap "
            + Words.moment(now.at())
            + ", "
            + now.plugins().size()
            + " plugins; swaps are those of the last 100; any key ends this");
    lines.addAll(table.lines());
    return lines;
  }
}
