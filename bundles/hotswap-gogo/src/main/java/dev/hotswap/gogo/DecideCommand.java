package dev.hotswap.gogo;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Swapper;
import java.util.List;

/** Decides what becomes of a plugin's drains. */
final class DecideCommand implements Command {
  private final Swapper swapper;

  DecideCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.of(Kind.PLUGIN, Kind.POLICY);
  }

  @Override
  public int run(Arguments given, Console console) {
    DeadlinePolicy policy = Arguments.policyOf(given.operand(1));
    List<Generation> about =
        Progress.follow(swapper, console, () -> swapper.decideDrain(given.operand(0), policy));
    if (about.isEmpty()) {
      console.out().println("no generation of " + given.operand(0) + " is draining");
    }
    about.forEach(generation -> console.out().println(Words.of(policy) + ": " + generation));
    return DONE;
  }
}
