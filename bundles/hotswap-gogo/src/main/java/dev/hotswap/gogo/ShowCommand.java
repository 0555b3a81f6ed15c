package dev.hotswap.gogo;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Swapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One plugin: its generations, their calls, services and wires. */
final class ShowCommand implements Command {
  private final Swapper swapper;
  private final Inside inside;

  ShowCommand(Swapper swapper, Inside inside) {
    this.swapper = swapper;
    this.inside = inside;
  }

  @Override
  public Syntax syntax() {
    return Syntax.of(Kind.PLUGIN).with("--json");
  }

  @Override
  public int run(Arguments given, Console console) {
    Snapshot now = swapper.snapshot();
    Snapshot.Plugin plugin = plugin(now, given.operand(0));
    List<Leaks.Watched> reclaimed = now.reclaimed().of(plugin.name());
    Wishes wishes = new Wishes(swapper.receipts());
    if (given.has("--json")) {
      console.out().println(Json.write(json(plugin, reclaimed, wishes)));
      return DONE;
    }
    console.out().println(Colour.BOLD.paint(plugin.name(), console));
    for (Snapshot.Live live : plugin.generations()) {
      print(live, wishes, console);
    }
    reclaimed.forEach(watched -> print(watched, console));
    List<Generation> back = swapper.wayBack(plugin.name());
    console.out().println("  can go back to " + words(back));
    return DONE;
  }

  private static String words(List<Generation> generations) {
    return generations.isEmpty()
        ? "nothing"
        : generations.stream().map(Generation::label).collect(Collectors.joining(", "));
  }

  /**
   * @throws SwapRefusedException when there is no such plugin
   */
  static Snapshot.Plugin plugin(Swapper swapper, String name) {
    return plugin(swapper.snapshot(), name);
  }

  private static Snapshot.Plugin plugin(Snapshot now, String name) {
    return now.plugin(name)
        .orElseThrow(() -> new SwapRefusedException(new Refusal.UnknownPlugin(name)));
  }

  private void print(Snapshot.Live live, Wishes wishes, Console console) {
    String stage = ListCommand.paint(live.stage(), console);
    console.out().println("  " + live.generation().label() + "  " + stage);
    line("sha256", live.generation().sha256(), console);
    live.asked().ifPresent(asked -> line("asked by", Words.asked(asked), console));
    wishes
        .of(live.generation())
        .ifPresent(
            wish -> line("swap", wish.id() + ", " + Words.moment(wish.request().at()), console));
    line("calls", Words.calls(live.calls()), console);
    Optional<Inside.View> view = inside.of(live.generation());
    view.ifPresent(found -> print(found, console));
  }

  private static void print(Leaks.Watched watched, Console console) {
    String verdict = Words.of(watched.verdict());
    String text = LeaksCommand.isHeld(watched) ? Colour.RED.paint(verdict, console) : verdict;
    console.out().println("  " + watched.generation().label() + "  reclaimed, " + text);
    watched.leftovers().forEach(leftover -> line("left", leftover.label(), console));
    watched.path().ifPresent(path -> line("path", path.label(), console));
  }

  private static void print(Inside.View view, Console console) {
    line("bundle", view.bundle(), console);
    lines("services", view.services(), console);
    lines("wires out", view.uses(), console);
    lines("wires in", view.usedBy(), console);
  }

  private static void lines(String head, List<String> texts, Console console) {
    String word = head;
    for (String text : texts.isEmpty() ? List.of("none") : texts) {
      line(word, text, console);
      word = "";
    }
  }

  private static void line(String head, String text, Console console) {
    console.out().printf("    %-10s %s%n", head, text);
  }

  private Map<String, Object> json(
      Snapshot.Plugin plugin, List<Leaks.Watched> reclaimed, Wishes wishes) {
    List<Object> generations = new ArrayList<>();
    for (Snapshot.Live live : plugin.generations()) {
      Map<String, Object> map = ListCommand.json(live, wishes);
      Optional<Inside.View> view = inside.of(live.generation());
      map.put("bundle", view.map(Inside.View::bundle).orElse(null));
      map.put("services", view.map(Inside.View::services).orElse(List.of()));
      map.put("wiresOut", view.map(Inside.View::uses).orElse(List.of()));
      map.put("wiresIn", view.map(Inside.View::usedBy).orElse(List.of()));
      generations.add(map);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("schema", "hotswap-plugin/1");
    map.put("plugin", plugin.name());
    map.put("generations", generations);
    map.put("reclaimed", reclaimed.stream().map(LeaksCommand::json).toList());
    map.put("wayBack", swapper.wayBack(plugin.name()).stream().map(ListCommand::json).toList());
    return map;
  }
}
