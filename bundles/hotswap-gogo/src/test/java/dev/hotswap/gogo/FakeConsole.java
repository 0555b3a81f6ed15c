package dev.hotswap.gogo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps what is printed; a key is pressed when the test says so. */
final class FakeConsole implements Console {
  final CountDownLatch key = new CountDownLatch(1);
  private final Printed out = new Printed();
  private final Printed err = new Printed();
  private final boolean terminal;

  private FakeConsole(boolean terminal) {
    this.terminal = terminal;
  }

  static FakeConsole terminal() {
    return new FakeConsole(true);
  }

  static FakeConsole file() {
    return new FakeConsole(false);
  }

  String printed() {
    return out.text();
  }

  String complaint() {
    return err.text();
  }

  void await(String text) throws InterruptedException {
    out.await(text);
  }

  @Override
  public PrintStream out() {
    return out.stream();
  }

  @Override
  public PrintStream err() {
    return err.stream();
  }

  @Override
  public boolean isTerminal() {
    return terminal;
  }

  @Override
  public int width() {
    return 60;
  }

  @Override
  public int height() {
    return 10;
  }

  @Override
  public Path resolve(String file) {
    return Path.of("/home/alice").resolve(file);
  }

  @Override
  public String user() {
    return "alice";
  }

  @Override
  public boolean awaitKey(Duration limit) throws InterruptedException {
    return key.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }
}
