package dev.hotswap.gogo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;

/** The console of a command in a Gogo session. */
final class SessionConsole implements Console, AutoCloseable {
  /** The variable of a session that says who is at its terminal. */
  static final String USER = "hotswap.user";

  /** The variable of a session without a terminal that says when nobody is there any more. */
  static final String GONE = ".hotswap.gone";

  private final CommandSession session;
  private final Process process;
  private final Optional<Screen> screen;

  SessionConsole(CommandSession session, Process process, Optional<Screen> screen) {
    this.session = session;
    this.process = process;
    this.screen = screen;
  }

  @Override
  public PrintStream out() {
    return process.out();
  }

  @Override
  public PrintStream err() {
    return process.err();
  }

  @Override
  public boolean isTerminal() {
    return screen.isPresent();
  }

  @Override
  public int width() {
    return screen.map(Screen::width).orElse(80);
  }

  @Override
  public int height() {
    return screen.map(Screen::height).orElse(24);
  }

  @Override
  public Path resolve(String file) {
    return session.currentDir().resolve(file);
  }

  @Override
  public String user() {
    Object named = session.get(USER);
    return named instanceof String user ? user : System.getProperty("user.name");
  }

  @Override
  public boolean awaitKey(Duration limit) throws InterruptedException {
    if (screen.isPresent()) {
      return screen.get().awaitKey(limit);
    }
    CountDownLatch gone =
        session.get(GONE) instanceof CountDownLatch known ? known : new CountDownLatch(1);
    return gone.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    screen.ifPresent(Screen::close);
  }
}
