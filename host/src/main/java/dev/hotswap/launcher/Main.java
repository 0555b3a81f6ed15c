package dev.hotswap.launcher;

import dev.hotswap.api.HotswapException;

/**
 * {@code hotswap run}: exit 0 the framework was stopped, 1 the host did not start or not close, 2
 * the command line was not understood. By a signal the host is closed first.
 */
public final class Main {
  private Main() {}

  public static void main(String... args) {
    System.exit(run(args)); // whatever threads of a shell or a plugin are left
  }

  private static int run(String... args) {
    if (args.length == 1 && args[0].equals("--version")) {
      System.out.println(version());
      return 0;
    }
    try {
      Launch.of(RunOptions.parse(args)).run();
      return 0;
    } catch (RunOptions.NotUnderstoodException | HotswapException e) {
      System.err.println(e.getMessage());
      return e instanceof HotswapException ? 1 : 2;
    } catch (InterruptedException e) {
      return 1;
    }
  }

  private static String version() {
    return "hotswap "
        + Main.class.getPackage().getImplementationVersion()
        + " (Java "
        + Runtime.version().feature()
        + ")";
  }
}
