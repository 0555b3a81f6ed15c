package dev.hotswap.gogo;

import dev.hotswap.api.Plan;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.Swapper;
import java.nio.file.Path;

/** What a swap of some files would do. */
final class PlanCommand implements Command {
  private final Swapper swapper;

  PlanCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.files().with("--in-place");
  }

  @Override
  public int run(Arguments given, Console console) {
    SwapOptions options = SwapOptions.NONE.withInPlace(given.has("--in-place"));
    Path[] files = SwapCommand.files(given, console);
    Plan plan = Progress.follow(swapper, console, () -> swapper.plan(options, files));
    console.out().println(plan);
    return plan.isFeasible() ? DONE : REFUSED;
  }
}
