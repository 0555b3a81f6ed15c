package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FramesTest {
  @TempDir Path folder;
  private SocketChannel raw;
  private Frames here;
  private Frames there;

  @BeforeEach
  void connect() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      raw = SocketChannel.open(address);
      here = new Frames(raw, "here-out");
      there = new Frames(server.accept(), "there-out");
    }
  }

  private void connectAgain() throws IOException {
    Files.delete(folder.resolve("s"));
    connect();
  }

  @AfterEach
  void close() throws IOException {
    here.close();
    there.close();
  }

  @Test
  void framesArriveWholeAndInOrder() throws Exception {
    here.send(Frame.of(Frame.Kind.RESIZE, 80, 24));
    here.send(Frame.of(Frame.Kind.OUTPUT, "grüße"));
    here.send(Frame.of(Frame.Kind.INPUT_END));
    Frame size = there.read().orElseThrow();
    assertThat(size.kind()).isEqualTo(Frame.Kind.RESIZE);
    assertThat(List.of(size.number(0), size.number(1))).containsExactly(80, 24);
    assertThat(text(there.read())).isEqualTo("grüße");
    assertThat(there.read().orElseThrow().bytes()).isEmpty();
  }

  @Test
  void streamIsCutIntoFramesThatTheOtherSideTakes() throws Exception {
    byte[] much = new byte[(1 << 20) + 5];
    CompletableFuture<Integer> read =
        CompletableFuture.supplyAsync(() -> frame().bytes().length + frame().bytes().length);
    OutputStream stream = here.stream(Frame.Kind.OUTPUT);
    stream.write(much, 0, much.length);
    assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(much.length);
  }

  private Frame frame() {
    try {
      return there.read().orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** By Ctrl-C a command is interrupted wherever it is, also while it prints. */
  @Test
  void interruptOfWhoSendsDoesNotCutTheConnection() throws Exception {
    Thread.currentThread().interrupt();
    here.send(Frame.of(Frame.Kind.OUTPUT, "first"));
    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    here.send(Frame.of(Frame.Kind.OUTPUT, "second"));
    assertThat(text(there.read())).isEqualTo("first");
    assertThat(text(there.read())).isEqualTo("second");
  }

  @Test
  void whoWaitsForASlowReaderCanBeInterruptedAndNoFrameIsTorn() throws Exception {
    CountDownLatch full = new CountDownLatch(1);
    CompletableFuture<Integer> sent = new CompletableFuture<>();
    Thread sender =
        new Thread(
            () -> {
              int count = 0;
              try {
                while (true) {
                  here.send(new Frame(Frame.Kind.OUTPUT, new byte[300_000]));
                  count++;
                  full.countDown();
                }
              } catch (IOException e) {
                sent.complete(e instanceof InterruptedIOException ? count : -1);
              }
            });
    sender.start();
    full.await();
    while (sender.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    sender.interrupt();
    int count = sent.get(20, TimeUnit.SECONDS);
    assertThat(count).isPositive();
    for (int i = 0; i < count; i++) {
      assertThat(frame().bytes()).hasSize(300_000);
    }
    here.send(Frame.of(Frame.Kind.OUTPUT, "after it"));
    assertThat(text(there.read())).isEqualTo("after it");
  }

  @Test
  void flushReturnsWhenAllIsWrittenOrNobodyReads() throws Exception {
    here.send(Frame.of(Frame.Kind.OUTPUT, "x"));
    here.flush();
    there.close();
    assertThatThrownBy(
            () -> {
              while (true) {
                here.send(new Frame(Frame.Kind.OUTPUT, new byte[300_000]));
              }
            })
        .isInstanceOf(IOException.class);
    here.flush();
  }

  @Test
  void writerEndsWithTheSocket() throws Exception {
    List<Thread> writers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("(here|there)-out"))
            .toList();
    assertThat(writers).hasSize(2);
    here.close();
    there.close();
    for (Thread writer : writers) {
      writer.join(20_000);
      assertThat(writer.isAlive()).isFalse();
    }
  }

  @Test
  void endIsEmptyAndRubbishIsNoFrame() throws Exception {
    raw.write(ByteBuffer.wrap(new byte[] {99, 0, 0, 0, 1, 7}));
    assertThatThrownBy(there::read).isInstanceOf(IOException.class).hasMessageContaining("kind 99");
    close();
    connectAgain();
    raw.write(ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 9, 7}));
    here.close();
    assertThatThrownBy(there::read).hasMessage("a frame breaks off");
    assertThat(there.read()).isEmpty();
  }

  private static String text(Optional<Frame> frame) {
    return new String(frame.orElseThrow().bytes(), StandardCharsets.UTF_8);
  }
}
