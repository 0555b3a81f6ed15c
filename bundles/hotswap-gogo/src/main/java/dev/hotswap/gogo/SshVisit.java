package dev.hotswap.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/**
 * One command, or one conversation, by SSH: what {@link Client} is for a terminal on this machine.
 * It asks through the host's socket and hands bytes to and fro, on two threads of its own.
 */
final class SshVisit implements Command {
  private final Path socket;
  private final String user;
  private final List<String> words;
  private InputStream in;
  private OutputStream out;
  private OutputStream err;
  private ExitCallback exit;
  private Frames frames;

  SshVisit(Path socket, String user, List<String> words) {
    this.socket = socket;
    this.user = user;
    this.words = words;
  }

  @Override
  public void setInputStream(InputStream stream) {
    in = stream;
  }

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {
    err = stream;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) throws IOException {
    String name = "hotswap-ssh-" + channel.getSession().getIoSession().getId();
    SocketChannel way = SocketChannel.open(StandardProtocolFamily.UNIX);
    try (ShortPath path = ShortPath.to(socket)) {
      way.connect(UnixDomainSocketAddress.of(path.path()));
    } catch (IOException e) {
      way.close();
      throw e;
    }
    frames = new Frames(way, name + "-frames");
    Ask ask = ask(environment.getEnv());
    frames.send(ask.frame());
    if (ask.isAtTerminal()) {
      environment.addSignalListener((from, signal) -> resize(environment.getEnv()), Signal.WINCH);
    } else if (words.equals(List.of("shell"))) {
      thread(name + "-in", this::sendInput);
    }
    thread(name, () -> follow(name));
  }

  private Ask ask(Map<String, String> environment) {
    return new Ask(
        Path.of("").toAbsolutePath().toString(),
        user,
        environment.getOrDefault(Environment.ENV_TERM, ""),
        number(environment, Environment.ENV_COLUMNS, 80),
        number(environment, Environment.ENV_LINES, 24),
        words);
  }

  private static int number(Map<String, String> environment, String name, int otherwise) {
    String text = environment.get(name);
    return text != null && text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : otherwise;
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void resize(Map<String, String> environment) {
    try {
      frames.send(
          Frame.of(
              Frame.Kind.RESIZE,
              number(environment, Environment.ENV_COLUMNS, 80),
              number(environment, Environment.ENV_LINES, 24)));
    } catch (IOException e) {
      return; // the host has gone, and whoever reads from it says so
    }
  }

  /** Does what the host says, to the exit status. */
  private void follow(String name) {
    try {
      for (Optional<Frame> next = frames.read(); next.isPresent(); next = frames.read()) {
        Frame frame = next.get();
        switch (frame.kind()) {
          case OUTPUT -> print(out, frame.bytes());
          case ERROR -> print(err, frame.bytes());
          case KEYS -> thread(name + "-keys", this::sendKeys);
          case STATUS -> {
            exit.onExit(frame.number(0));
            return;
          }
          default -> throw new IOException("the host sends " + frame.kind());
        }
      }
      throw new IOException("the host has gone");
    } catch (IOException e) {
      exit.onExit(Client.NO_HOST, e.getMessage());
    }
  }

  private static void print(OutputStream stream, byte[] bytes) throws IOException {
    stream.write(bytes);
    stream.flush();
  }

  private void sendKeys() {
    try {
      send();
    } catch (IOException e) {
      return; // as in resize
    }
  }

  private void sendInput() {
    try {
      send();
      frames.send(Frame.of(Frame.Kind.INPUT_END));
    } catch (IOException e) {
      return; // as in resize
    }
  }

  private void send() throws IOException {
    byte[] bytes = new byte[4096];
    for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
      frames.send(new Frame(Frame.Kind.INPUT, Arrays.copyOf(bytes, count)));
    }
  }

  /** The other side has gone, or the host closes. */
  @Override
  public void destroy(ChannelSession channel) throws IOException {
    if (frames != null) { // null: it was never started
      frames.close();
    }
  }
}
