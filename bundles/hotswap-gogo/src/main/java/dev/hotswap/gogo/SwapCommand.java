package dev.hotswap.gogo;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.Swapper;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Swaps files in, and says how it goes. */
final class SwapCommand implements Command {
  private final Swapper swapper;

  SwapCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.files()
        .with("--why", Kind.TEXT)
        .with("--in-place")
        .with("--drain", Kind.TIME)
        .with("--on-deadline", Kind.POLICY);
  }

  @Override
  public int run(Arguments given, Console console) {
    Path[] files = files(given, console);
    SwapOptions options = options(given, console);
    return Progress.show(swapper, console, () -> swapper.swap(options, files));
  }

  private static SwapOptions options(Arguments given, Console console) {
    SwapOptions options =
        SwapOptions.NONE.withAsked(asked(given, console)).withInPlace(given.has("--in-place"));
    Optional<Duration> drain = given.time("--drain");
    Optional<DeadlinePolicy> policy = given.policy("--on-deadline");
    try {
      options = drain.isPresent() ? options.withDrainDeadline(drain.get()) : options;
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage()); // it is out of range, and says what is in
    }
    return policy.isPresent() ? options.withOnDeadline(policy.get()) : options;
  }

  /** Who is at the console, and why, where the command line says so. */
  static Asked asked(Arguments given, Console console) {
    return new Asked(console.user(), given.text("--why").orElse(""));
  }

  static Path[] files(Arguments given, Console console) {
    return given.operands().stream().map(file -> file(file, console)).toArray(Path[]::new);
  }

  private static Path file(String name, Console console) {
    try {
      return console.resolve(name);
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is no path: " + e.getReason());
    }
  }
}
