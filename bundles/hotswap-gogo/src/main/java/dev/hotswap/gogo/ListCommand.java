package dev.hotswap.gogo;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every plugin with its live generations, and whose wish each was. */
final class ListCommand implements Command {
  private final Swapper swapper;

  ListCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.NOTHING.with("--json");
  }

  @Override
  public int run(Arguments given, Console console) {
    Snapshot now = swapper.snapshot();
    Wishes wishes = new Wishes(swapper.receipts());
    if (given.has("--json")) {
      console.out().println(Json.write(json(now, wishes)));
    } else {
      print(now, console);
    }
    return DONE;
  }

  private static void print(Snapshot now, Console console) {
    if (now.plugins().isEmpty()) {
      console.out().println("no plugins; 'swap FILE' brings one up");
    } else {
      printPlugins(now, console);
    }
    for (Snapshot.Tainted tainted : now.tainted()) {
      String text = "tainted: " + tainted.generation() + ", forced " + Words.moment(tainted.at());
      console.out().println(Colour.RED.paint(text, console));
    }
    now.reclaimed().watched().forEach(watched -> printHeld(watched, console));
  }

  /** Those of which it is too early to say anything would be there after every swap. */
  private static void printHeld(Leaks.Watched watched, Console console) {
    if (LeaksCommand.isHeld(watched)) {
      String text =
          "held: "
              + watched.generation()
              + ", reclaimed "
              + Words.moment(watched.reclaimedAt())
              + "; 'leaks "
              + watched.generation().plugin()
              + " --why' says by what";
      console.out().println(Colour.RED.paint(text, console));
    }
  }

  private static void printPlugins(Snapshot now, Console console) {
    Table table =
        new Table("PLUGIN", "GENERATION", "VERSION", "STAGE", "IN FLIGHT", "STARTED", "ASKED BY");
    for (Snapshot.Plugin plugin : now.plugins()) {
      for (Snapshot.Live live : plugin.generations()) {
        table.row(
            plugin.name(),
            String.valueOf(live.generation().number()),
            live.generation().version(),
            Words.of(live.stage()),
            String.valueOf(live.calls().inFlight()),
            String.valueOf(live.calls().started()),
            live.asked().map(Words::asked).orElse(""));
      }
    }
    List<String> lines = table.lines();
    console.out().println(Colour.BOLD.paint(lines.get(0), console));
    lines.stream().skip(1).forEach(console.out()::println);
  }

  private static Map<String, Object> json(Snapshot now, Wishes wishes) {
    List<Object> plugins = new ArrayList<>();
    for (Snapshot.Plugin plugin : now.plugins()) {
      plugins.add(json(plugin, wishes));
    }
    List<Object> tainted = new ArrayList<>();
    for (Snapshot.Tainted each : now.tainted()) {
      Map<String, Object> map = json(each.generation());
      map.put("at", each.at().toString());
      tainted.add(map);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("schema", "hotswap-list/1");
    map.put("at", now.at().toString());
    map.put("plugins", plugins);
    map.put("tainted", tainted);
    map.put("reclaimed", json(now.reclaimed()));
    return map;
  }

  private static Map<String, Object> json(Snapshot.Reclaimed reclaimed) {
    Map<String, Object> map = LeaksCommand.json(reclaimed.count());
    map.put("generations", reclaimed.watched().stream().map(LeaksCommand::json).toList());
    return map;
  }

  private static Map<String, Object> json(Snapshot.Plugin plugin, Wishes wishes) {
    List<Object> generations = new ArrayList<>();
    plugin.generations().forEach(live -> generations.add(json(live, wishes)));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("plugin", plugin.name());
    map.put("current", plugin.current().map(Generation::number).orElse(null));
    map.put("generations", generations);
    return map;
  }

  static Map<String, Object> json(Snapshot.Live live, Wishes wishes) {
    Map<String, Object> map = json(live.generation());
    map.put("stage", live.stage().name().toLowerCase(java.util.Locale.ROOT));
    map.put("started", live.calls().started());
    map.put("returned", live.calls().returned());
    map.put("threw", live.calls().threw());
    map.put("inFlight", live.calls().inFlight());
    map.put("swap", wishes.of(live.generation()).map(Receipt::id).orElse(null));
    map.put("by", live.asked().map(Asked::by).orElse(null));
    map.put("why", live.asked().map(Asked::why).orElse(null));
    return map;
  }

  static Map<String, Object> json(Generation generation) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("plugin", generation.plugin());
    map.put("number", generation.number());
    map.put("version", generation.version());
    map.put("sha256", generation.sha256());
    return map;
  }

  /** Paints a stage: what answers is green, what does not leave is red. */
  static String paint(Stage stage, Console console) {
    return switch (stage) {
      case CURRENT -> Colour.GREEN.paint(Words.of(stage), console);
      case DRAINING -> Colour.YELLOW.paint(Words.of(stage), console);
      case FORCED -> Colour.RED.paint(Words.of(stage), console);
      default -> Words.of(stage);
    };
  }
}
