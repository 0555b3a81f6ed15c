package dev.hotswap.gogo;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingReader;

/** The terminal of a session that JLine reads. */
final class TerminalScreen implements Screen {
  /** The variable in which sessions of Gogo's JLine shell keep their terminal. */
  static final String VARIABLE = ".terminal";

  private final Terminal terminal;
  private Optional<Attributes> before = Optional.empty();

  private TerminalScreen(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Empty where the session has none, or one that can do nothing. */
  static Optional<Screen> of(CommandSession session) {
    return session.get(VARIABLE) instanceof Terminal terminal
            && !terminal.getType().startsWith(Terminal.TYPE_DUMB)
        ? Optional.of(new TerminalScreen(terminal))
        : Optional.empty();
  }

  @Override
  public int width() {
    return terminal.getWidth() > 0 ? terminal.getWidth() : 80;
  }

  @Override
  public int height() {
    return terminal.getHeight() > 0 ? terminal.getHeight() : 24;
  }

  @Override
  public boolean awaitKey(Duration limit) throws InterruptedException {
    if (before.isEmpty()) {
      before = Optional.of(terminal.enterRawMode()); // a key is there without Enter, and unseen
    }
    try {
      int key = terminal.reader().read(Math.max(1, limit.toMillis())); // 0 would wait for ever
      return key != NonBlockingReader.READ_EXPIRED;
    } catch (InterruptedIOException e) {
      throw new InterruptedException(e.getMessage());
    } catch (IOException e) {
      return true; // nobody is there any more
    }
  }

  @Override
  public void close() {
    before.ifPresent(terminal::setAttributes);
  }
}
