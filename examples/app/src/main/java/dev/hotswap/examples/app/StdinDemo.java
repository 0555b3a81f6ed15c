package dev.hotswap.examples.app;

import dev.hotswap.api.Handle;
import dev.hotswap.api.HotswapException;
import dev.hotswap.api.Receipt;
import dev.hotswap.examples.rules.Answer;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.host.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The demo of the seed, ghc-hotswap: data from the plugin every second, and each line of input is
 * the path of the next version.
 */
final class StdinDemo {
  private static final int INPUT = 7;

  private final AppFolder app;
  private final PrintStream out;

  StdinDemo(AppFolder app, PrintStream out) {
    this.app = app;
    this.out = out;
  }

  /**
   * Runs until the input ends.
   *
   * @return the exit code
   * @throws HotswapException when the first jar is refused: then nothing could run
   */
  int run(Path first, InputStream in) throws IOException {
    try (Host host = app.openHost()) {
      report(host.swap(first).receipt());
      Handle<Rules> rules = host.handle(Rules.class);
      out.println("Type the path of the next jar and press Enter; Ctrl-D ends.");
      ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
      try {
        clock.scheduleAtFixedRate(() -> print(rules), 0, 1, TimeUnit.SECONDS);
        swapEachLine(host, rules, in);
      } finally {
        clock.shutdown();
      }
    }
    return 0;
  }

  private void swapEachLine(Host host, Handle<Rules> rules, InputStream in) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank()) {
        swap(host, line.strip());
        print(rules);
      }
    }
  }

  private void swap(Host host, String path) {
    try {
      report(host.swap(Path.of(path)).receipt());
    } catch (InvalidPathException | HotswapException e) {
      out.println(e.getMessage());
    }
  }

  private void report(Receipt receipt) {
    String now = receipt.to().map(Object::toString).orElse(receipt.plugin());
    out.println(
        switch (receipt.outcome()) {
          case SWAPPED ->
              (receipt.from().isPresent() ? "swapped: " : "loaded: ") + now + " answers";
          case UNCHANGED -> "unchanged: these bytes are " + now + " already";
          case ROLLED_BACK -> "rolled back: " + now + " answers";
          case REVERSED -> "reversed: what was before " + now + " answers";
          case REFUSED -> "refused: " + now; // never from a swap: that throws
          case UNLOADED -> "unloaded: " + now;
        });
  }

  private void print(Handle<Rules> rules) {
    try {
      Answer answer = rules.with(service -> service.answer(INPUT));
      out.printf(
          "rules %s: %s; evaluate(%d) = %d%n",
          answer.data().stamp().version(), answer.data().text(), INPUT, answer.verdict().score());
    } catch (HotswapException e) {
      out.println(e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      out.println("the plugin failed: " + e); // the next one may do better
    }
  }
}
