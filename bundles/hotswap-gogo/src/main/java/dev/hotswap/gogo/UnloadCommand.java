package dev.hotswap.gogo;

import dev.hotswap.api.Swapper;

/** Takes a plugin away. */
final class UnloadCommand implements Command {
  private final Swapper swapper;

  UnloadCommand(Swapper swapper) {
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
        () -> swapper.unload(SwapCommand.asked(given, console), given.operand(0)));
  }
}
