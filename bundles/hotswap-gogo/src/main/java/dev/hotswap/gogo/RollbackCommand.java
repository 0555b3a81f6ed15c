package dev.hotswap.gogo;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Swapper;
import java.util.Optional;

/** Undoes the last swap of a plugin, or as many as it takes to an earlier generation. */
final class RollbackCommand implements Command {
  private final Swapper swapper;

  RollbackCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.optionally(Kind.PLUGIN, Kind.GENERATION).with("--why", Kind.TEXT);
  }

  @Override
  public int run(Arguments given, Console console) {
    Asked asked = SwapCommand.asked(given, console);
    String plugin = given.operand(0);
    Optional<Long> generation =
        given.given(1).map(number -> Arguments.number("number of a generation", number));
    return Progress.show(
        swapper,
        console,
        () ->
            generation.isPresent()
                ? swapper.rollback(asked, plugin, generation.get())
                : swapper.rollback(asked, plugin));
  }
}
