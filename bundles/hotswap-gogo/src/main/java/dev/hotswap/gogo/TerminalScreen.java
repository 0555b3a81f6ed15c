package dev.hotswap.gogo;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingReader;

/** The terminal of a session that JLine reads. */
final class TerminalScreen implements Screen {
  /** The variable in which sessions of Gogo's JLine shell keep their terminal. */
  static final String VARIABLE = ".terminal";

  /** The variable in which a conversation has an {@link InUse}, to know when it may go on. */
  static final String IN_USE = ".hotswap.terminal";

  private final Terminal terminal;
  private final InUse use;
  private Optional<Attributes> before = Optional.empty();

  private TerminalScreen(Terminal terminal, InUse use) {
    this.terminal = terminal;
    this.use = use;
  }

  /**
   * How many commands read keys of a terminal. Gogo does not wait for a command that it has
   * interrupted; whoever reads lines meanwhile would have the terminal's modes changed.
   * Thread-safe.
   */
  static final class InUse {
    private static final int MOST = 1000;

    private final Semaphore free = new Semaphore(MOST);

    /** Returns when none does, or after a second: it may go on in the background. */
    void awaitNone() {
      try {
        if (free.tryAcquire(MOST, 1, TimeUnit.SECONDS)) {
          free.release(MOST);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Empty where the session has none, or one that can do nothing. */
  static Optional<Screen> of(CommandSession session) {
    return session.get(VARIABLE) instanceof Terminal terminal
            && !terminal.getType().startsWith(Terminal.TYPE_DUMB)
        ? Optional.of(new TerminalScreen(terminal, use(session)))
        : Optional.empty();
  }

  private static InUse use(CommandSession session) {
    return session.get(IN_USE) instanceof InUse use ? use : new InUse();
  }

  @Override
  public int width() {
    return size(Terminal::getWidth, 80);
  }

  @Override
  public int height() {
    return size(Terminal::getHeight, 24);
  }

  /** What is usual where the terminal does not say, also as its session has ended meanwhile. */
  private int size(ToIntFunction<Terminal> question, int usual) {
    try {
      int said = question.applyAsInt(terminal);
      return said > 0 ? said : usual;
    } catch (IllegalStateException closed) {
      return usual;
    }
  }

  @Override
  public boolean awaitKey(Duration limit) throws InterruptedException {
    try {
      if (before.isEmpty()) {
        Attributes usual = terminal.getAttributes();
        use.free.acquire();
        before = Optional.of(usual);
        terminal.enterRawMode(); // a key is there without Enter, and unseen
      }
      int key = terminal.reader().read(Math.max(1, limit.toMillis())); // 0 would wait for ever
      return key != NonBlockingReader.READ_EXPIRED;
    } catch (InterruptedIOException e) {
      throw new InterruptedException(e.getMessage());
    } catch (IOException | IllegalStateException e) {
      return true; // nobody is there any more
    }
  }

  @Override
  public void close() {
    if (before.isPresent()) {
      try {
        terminal.setAttributes(before.get());
      } catch (IllegalStateException closed) {
        // there is nobody who would see it
      } finally {
        use.free.release();
        before = Optional.empty();
      }
    }
  }
}
