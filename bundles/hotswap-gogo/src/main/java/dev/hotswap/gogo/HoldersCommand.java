package dev.hotswap.gogo;

import dev.hotswap.api.Holder;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Swapper;
import java.util.List;

/** Who keeps the generations of a plugin from leaving. */
final class HoldersCommand implements Command {
  private final Swapper swapper;

  HoldersCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.of(Kind.PLUGIN);
  }

  @Override
  public int run(Arguments given, Console console) {
    Snapshot.Plugin plugin = ShowCommand.plugin(swapper, given.operand(0));
    List<Holder> holders = swapper.holders(plugin.name());
    for (Holder holder : holders) {
      console.out().println(Colour.BOLD.paint(holder.label(), console));
      holder.stack().forEach(frame -> console.out().println("    at " + frame));
    }
    long unnamed = plugin.generations().stream().mapToLong(Snapshot.Live::unnamed).sum();
    if (unnamed > 0) {
      console
          .out()
          .println(unnamed + " more are not known; leases are named only with lease.tracking=true");
    } else if (holders.isEmpty()) {
      console.out().println("nobody holds a generation of " + plugin.name() + " that is to leave");
    }
    return DONE;
  }
}
