package dev.hotswap.gogo;

import dev.hotswap.api.Swapper;

/** Undoes the last swap of a plugin. */
final class RollbackCommand implements Command {
  private final Swapper swapper;

  RollbackCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.of(Kind.PLUGIN).with("--why", Kind.TEXT);
  }

  @Override
  public int run(Arguments given, Console console) {
    return Progress.show(
        swapper,
        console,
        () -> swapper.rollback(SwapCommand.asked(given, console), given.operand(0)));
  }
}
