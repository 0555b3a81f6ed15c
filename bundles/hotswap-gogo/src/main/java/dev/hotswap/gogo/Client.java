package dev.hotswap.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;

/**
 * The other end of the socket, a process of its own: {@code hotswap list}, {@code hotswap shell}.
 * Its exit status is that of the command in the host; 2 where no host runs.
 *
 * <p>System properties: {@code hotswap.terminal}, whether input and output are a terminal; {@code
 * hotswap.data}, the data folder where neither {@code --data} nor {@code HOTSWAP_DATA} names one.
 */
public final class Client {
  static final int NO_HOST = 2;
  private static final String SHELL =
      """
      shell - a shell on the running host

      SYNOPSIS
          shell [--data DIR]

      DESCRIPTION
          At a terminal: lines are edited, TAB completes, 'help' lists what there is,
          'exit' or Ctrl-D leaves, Ctrl-C ends the command that runs. The host goes on.

          Without a terminal: the lines that are piped in are executed one by one, up
          to the first that fails, or 'exit'.

      EXIT STATUS
          0   it was left, or each line did what it was to do
          1   a line was refused
          2   a line was not understood, or no host runs
      """;

  private final Frames frames;
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private volatile boolean answered;
  private Optional<Terminal> terminal = Optional.empty();

  private Client(Frames frames) {
    this.frames = frames;
  }

  public static void main(String... args) {
    System.exit(run(args));
  }

  private static int run(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    try {
      Path data = data(words);
      if (words.isEmpty()) {
        throw new UsageException("there is no command; './hotswap help' lists what there is.");
      } else if (Manual.isAsked(words.subList(1, words.size()))) {
        System.out.print(words.get(0).equals("shell") ? SHELL : Manual.page(words.get(0)));
        return Command.DONE;
      }
      try (SocketChannel channel = connect(data);
          Frames frames = new Frames(channel, "hotswap-frames")) {
        return new Client(frames).ask(words);
      }
    } catch (IOException | UsageException | InvalidPathException e) {
      System.err.println("hotswap: " + e.getMessage());
      return NO_HOST;
    }
  }

  /** Takes {@code --data DIR} out of the words, wherever it stands. */
  private static Path data(List<String> words) {
    String named = System.getenv("HOTSWAP_DATA");
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--")) {
        break;
      } else if (words.get(i).startsWith("--data=")) {
        named = words.remove(i--).substring("--data=".length());
      } else if (words.get(i).equals("--data")) {
        if (i + 1 == words.size()) {
          throw new UsageException("--data needs a value, the data folder of the host");
        }
        words.remove(i);
        named = words.remove(i--);
      }
    }
    return Path.of(named == null || named.isEmpty() ? System.getProperty("hotswap.data") : named)
        .toAbsolutePath()
        .normalize();
  }

  private static SocketChannel connect(Path data) throws IOException {
    Path socket = ShellSocket.in(data);
    try {
      Files.readAttributes(socket, BasicFileAttributes.class);
    } catch (AccessDeniedException e) {
      throw notOurs(data);
    } catch (IOException e) {
      throw noHost(data, "");
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try (ShortPath way = ShortPath.to(socket)) {
      channel.connect(UnixDomainSocketAddress.of(way.path()));
      return channel;
    } catch (IOException e) {
      channel.close();
      if (!Files.isWritable(socket)) {
        throw notOurs(data);
      }
      throw noHost(data, " (" + socket + ": " + e.getMessage() + ")");
    }
  }

  private static IOException noHost(Path data, String detail) {
    return new IOException(
        "no host runs with the data folder "
            + data
            + detail
            + "; start one with './hotswap run --data "
            + data
            + "', or name another with --data or HOTSWAP_DATA.");
  }

  private static IOException notOurs(Path data) {
    return new IOException(
        "the host with the data folder "
            + data
            + " lets in only the user that it runs as"
            + owner(data)
            + "; ask as that user, or name another host with --data or HOTSWAP_DATA.");
  }

  private static String owner(Path data) {
    try {
      return ", " + Files.getOwner(ShellSocket.in(data).getParent()).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return ""; // the data folder is shut too
    }
  }

  private int ask(List<String> words) throws IOException {
    String type = "";
    Size size = new Size(0, 0);
    if (Boolean.getBoolean("hotswap.terminal")) {
      terminal = Optional.of(TerminalBuilder.builder().name("hotswap").system(true).build());
      type = terminal.get().getType();
      size = terminal.get().getSize();
    }
    Ask ask =
        new Ask(
            Path.of("").toAbsolutePath().toString(),
            System.getProperty("user.name"),
            type,
            size.getColumns(),
            size.getRows(),
            words);
    frames.send(ask.frame());
    Signals.register("INT", this::interrupt); // after JLine, which has it end the process
    if (terminal.isEmpty() && words.get(0).equals("shell")) {
      new Thread(this::sendInput, "hotswap-input").start();
    }
    return follow();
  }

  /** The host says what has become of it; who does not want to wait for that asks once more. */
  private void interrupt() {
    if (answered) {
      return; // it ends by itself
    }
    try {
      if (interrupted.compareAndSet(false, true)) {
        frames.send(Frame.of(Frame.Kind.INTERRUPT));
        return;
      }
    } catch (IOException e) {
      // the host has gone
    }
    System.exit(Command.INTERRUPTED); // which gives the terminal back as it was
  }

  /** Does what the host says, to the exit status. */
  private int follow() throws IOException {
    for (Optional<Frame> next = frames.read(); next.isPresent(); next = frames.read()) {
      Frame frame = next.get();
      switch (frame.kind()) {
        case OUTPUT -> print(System.out, frame);
        case ERROR -> print(System.err, frame);
        case KEYS -> sendKeys();
        case STATUS -> {
          answered = true;
          int status = frame.number(0);
          return interrupted.get() && status != Command.DONE ? Command.INTERRUPTED : status;
        }
        default -> throw new IOException("the host sends " + frame.kind());
      }
    }
    throw new IOException("the host has gone");
  }

  private static void print(OutputStream stream, Frame frame) throws IOException {
    stream.write(frame.bytes());
    stream.flush();
  }

  /** Every key as it is pressed, Ctrl-C too; JLine gives the terminal back however this ends. */
  private void sendKeys() {
    Terminal keys = terminal.orElseThrow();
    keys.enterRawMode();
    Attributes raw = keys.getAttributes();
    raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
    keys.setAttributes(raw);
    keys.handle(Terminal.Signal.WINCH, signal -> sendSize(keys.getSize()));
    Thread thread = new Thread(() -> send(keys.input()), "hotswap-keys");
    thread.setDaemon(true);
    thread.start();
  }

  private void sendSize(Size size) {
    try {
      frames.send(Frame.of(Frame.Kind.RESIZE, size.getColumns(), size.getRows()));
    } catch (IOException e) {
      return; // the host has gone, and whoever reads from it says so
    }
  }

  private void sendInput() {
    send(System.in);
    try {
      frames.send(Frame.of(Frame.Kind.INPUT_END));
    } catch (IOException e) {
      return; // as above
    }
  }

  private void send(InputStream input) {
    byte[] bytes = new byte[4096];
    try {
      for (int count = input.read(bytes); count >= 0; count = input.read(bytes)) {
        frames.send(new Frame(Frame.Kind.INPUT, Arrays.copyOf(bytes, count)));
      }
    } catch (IOException e) {
      return; // as above
    }
  }
}
