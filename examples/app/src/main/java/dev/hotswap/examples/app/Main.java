package dev.hotswap.examples.app;

import dev.hotswap.api.HotswapException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** {@code ./hotswap demo}: exit 0 all went well, 1 it did not, 2 the command was not understood. */
public final class Main {
  private Main() {}

  public static void main(String... args) throws IOException, InterruptedException {
    System.exit(run(args));
  }

  private static int run(String... args) throws IOException, InterruptedException {
    try {
      return run(Options.parse(args));
    } catch (Options.NotUnderstoodException | HotswapException e) {
      System.err.println(e.getMessage());
      return e instanceof HotswapException ? 1 : 2;
    }
  }

  private static int run(Options options) throws IOException, InterruptedException {
    if (options.help()) {
      System.out.print(usage());
      return 0;
    }
    AppFolder app = AppFolder.ofThisJar();
    // read by logback.xml when the first logger is made
    System.setProperty("hotswap.demo.log", app.log().toString());
    if (options.stdin().isPresent()) {
      return new StdinDemo(app, System.out).run(options.stdin().get(), System.in);
    }
    return new Demo(app, System.out).run(options.length(), options.live()).exitCode();
  }

  private static String usage() throws IOException {
    try (InputStream text = Main.class.getResourceAsStream("usage.txt")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
