package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is piped into {@code hotswap shell}, over a socket. */
@Timeout(30)
class RemoteTalkTest {
  @TempDir Path data;
  private final FakeSwapper swapper = new FakeSwapper();
  private final CommandProcessorImpl gogo = new CommandProcessorImpl(null);
  private final Commands commands =
      new Commands(
          swapper, receipt -> "", generation -> Optional.empty(), Optional::empty, List::of);
  private ShellSocket socket;
  private SocketChannel channel;
  private Frames frames;

  @BeforeEach
  void connect() throws Exception {
    gogo.addCommand("test", this, "say");
    Connection.Talk talk = new RemoteTalk(gogo, new Completion(commands, swapper));
    socket = ShellSocket.open(data, to -> new Connection(to, commands, talk));
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
    frames = new Frames(channel, "asker-out");
    frames.send(new Ask("/", "bob", "", 0, 0, List.of("shell")).frame());
  }

  @AfterEach
  void close() throws Exception {
    frames.close();
    socket.close();
    gogo.stop();
  }

  /** A command. */
  public String say(String word) {
    return word;
  }

  private void type(String text) throws Exception {
    frames.send(Frame.of(Frame.Kind.INPUT, text));
  }

  private String output() throws Exception {
    Frame frame = frames.read().orElseThrow();
    return frame.kind() == Frame.Kind.STATUS
        ? "STATUS " + frame.number(0)
        : new String(frame.bytes(), StandardCharsets.UTF_8);
  }

  private String outputTo(String last) throws Exception {
    StringBuilder all = new StringBuilder();
    while (!all.toString().contains(last)) {
      all.append(output());
    }
    return all.toString();
  }

  @Test
  void lineIsExecutedAsSoonAsItIsThereAndNotAtTheEndOfAll() throws Exception {
    type("say fir");
    type("st\nsay sec");
    outputTo("first");
    type("ond");
    frames.send(Frame.of(Frame.Kind.INPUT_END));
    assertThat(outputTo("STATUS 0")).contains("second");
  }

  @Test
  void moreThanMayWaitIsExecutedAllTheSame() throws Exception {
    for (int i = 0; i < 300; i++) {
      type("# " + "x".repeat(10_000) + "\n");
    }
    type("say last\n");
    frames.send(Frame.of(Frame.Kind.INPUT_END));
    assertThat(outputTo("STATUS 0")).contains("last");
  }

  @Test
  void lineWithoutAnEndIsNotUnderstood() throws Exception {
    type("say before\n");
    type("x".repeat(PipedLines.LONGEST));
    type("x");
    assertThat(outputTo("STATUS 2")).contains("before", "a line is longer than 65536 bytes");
  }
}
