package dev.hotswap.gogo;

import dev.hotswap.api.HotswapException;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Quarantine;
import dev.hotswap.api.ReceiptFormat;
import dev.hotswap.api.Swapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Every command by its name, over one {@link Swapper}. Thread-safe. */
final class Commands {
  private final Map<String, Command> commands = new LinkedHashMap<>();

  Commands(
      Swapper swapper,
      ReceiptFormat format,
      Inside inside,
      Supplier<Optional<Leaks>> leaks,
      Quarantine quarantine) {
    commands.put("list", new ListCommand(swapper));
    commands.put("show", new ShowCommand(swapper, inside));
    commands.put("plan", new PlanCommand(swapper));
    commands.put("swap", new SwapCommand(swapper));
    commands.put("rollback", new RollbackCommand(swapper));
    commands.put("unload", new UnloadCommand(swapper));
    commands.put("holders", new HoldersCommand(swapper));
    commands.put("decide", new DecideCommand(swapper));
    commands.put("leaks", new LeaksCommand(swapper, leaks));
    commands.put("history", new HistoryCommand(swapper, format));
    commands.put("receipt", new ReceiptCommand(swapper, format));
    commands.put("refused", new RefusedCommand(swapper, quarantine));
    commands.put("watch", new WatchCommand(swapper));
    commands.put("top", new TopCommand(swapper));
  }

  Set<String> names() {
    return commands.keySet();
  }

  Syntax syntax(String name) {
    return commands.get(name).syntax();
  }

  /** What to say where no command was named. */
  String missing() {
    return "there is no command; there are " + String.join(", ", names());
  }

  /**
   * Does what the words say; whatever is refused, or goes wrong, is said at the console.
   *
   * @return the exit status
   */
  int run(String name, List<String> words, Console console) throws InterruptedException {
    try {
      Command command = commands.get(name);
      if (command == null) {
        throw new UsageException(
            "there is no command '" + name + "'; there are " + String.join(", ", names()));
      }
      if (Manual.isAsked(words)) {
        console.out().print(Manual.page(name));
        console.out().flush();
        return Command.DONE;
      }
      return command.run(Arguments.parse(name, command.syntax(), words), console);
    } catch (UsageException e) {
      return say(e.getMessage(), Command.NOT_UNDERSTOOD, console);
    } catch (HotswapException e) {
      return say(e.getMessage(), Command.REFUSED, console);
    } catch (RuntimeException | Error e) { // whoever asked is told, and asks again
      return say(defect(name, e), Command.REFUSED, console);
    }
  }

  private static int say(String sentence, int status, Console console) {
    console.err().println(Colour.RED.paint(sentence, console));
    return status;
  }

  /** What to say of what nobody has foreseen. */
  static String defect(String what, Throwable thrown) {
    return what
        + " went wrong in a way that has no name, "
        + thrown
        + "; 'list' shows what is current. Please report it as a defect of Hotswap.";
  }
}
