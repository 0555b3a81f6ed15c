package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Refusal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How other terminals come in, and what they get. */
@Timeout(60)
class ShellSocketTest {
  @TempDir Path data;
  private final FakeSwapper swapper = new FakeSwapper();
  private final Commands commands =
      new Commands(
          swapper, receipt -> "", generation -> Optional.empty(), Optional::empty, List::of);
  private Connection.Talk talk = (ask, frames) -> 42;

  private ShellSocket open(Path folder) throws IOException {
    return ShellSocket.open(
        folder, frames -> new Connection(frames, commands, (ask, to) -> talk.with(ask, to)));
  }

  /** What the host answers: output, errors, and the status as the last. */
  private List<String> ask(Path socket, String... words) throws IOException {
    return ask(socket, new Ask("/", "bob", "", 0, 0, List.of(words)).frame());
  }

  private List<String> ask(Path socket, Frame question) throws IOException {
    List<String> answers = new ArrayList<>();
    try (ShortPath way = ShortPath.to(socket);
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(way.path()));
        Frames frames = new Frames(channel, "asker-out")) {
      frames.send(question);
      for (Optional<Frame> next = frames.read(); next.isPresent(); next = frames.read()) {
        Frame frame = next.get();
        boolean isText = frame.kind() != Frame.Kind.STATUS;
        String text = isText ? new String(frame.bytes(), StandardCharsets.UTF_8) : "";
        answers.add(frame.kind() + " " + (isText ? text : frame.number(0)));
      }
    }
    return answers;
  }

  @Test
  void socketIsForItsUserAloneAndGoneAfterwards() throws Exception {
    Path path;
    try (ShellSocket socket = open(data)) {
      path = socket.path();
      assertThat(path).isEqualTo(data.resolve("shell/socket"));
      assertThat(rights(path)).isEqualTo("rw-------");
      assertThat(rights(path.getParent())).isEqualTo("rwx------");
    }
    assertThat(path.getParent()).doesNotExist();
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void whatAKilledHostLeftIsTakenOver() throws Exception {
    Files.createDirectory(data.resolve("shell"));
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(data.resolve("shell/socket")));
    }
    assertThat(data.resolve("shell/socket")).exists();
    try (ShellSocket socket = open(data)) {
      assertThat(ask(socket.path(), "list")).last().isEqualTo("STATUS 0");
      assertThat(rights(socket.path().getParent())).isEqualTo("rwx------");
    }
  }

  @Test
  void commandsAnswerWithOutputErrorsAndStatus() throws Exception {
    try (ShellSocket socket = open(data)) {
      assertThat(ask(socket.path(), "list"))
          .containsExactly("OUTPUT no plugins; 'swap FILE' brings one up\n", "STATUS 0");
      List<String> refused = ask(socket.path(), "show", "stranger");
      assertThat(String.join("", refused))
          .startsWith("ERROR refused stranger")
          .endsWith("STATUS 1");
      assertThat(ask(socket.path(), "frobnicate")).last().isEqualTo("STATUS 2");
    }
  }

  /** As a swap that waits: it is refused when its thread is interrupted. */
  private final class Waiting implements Runnable {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public void run() {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        swapper.refusal = Optional.of(new Refusal.Failed("a.jar", "interrupted"));
        interrupted.countDown();
      }
    }
  }

  @Test
  void interruptOfWhoAskedReachesTheCommandAndItsRefusalReachesThem() throws Exception {
    Waiting waiting = new Waiting();
    swapper.meanwhile = waiting;
    try (ShellSocket socket = open(data);
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
        Frames frames = new Frames(channel, "asker-out")) {
      frames.send(new Ask("/", "bob", "", 0, 0, List.of("swap", "a.jar")).frame());
      waiting.begun.await();
      frames.send(Frame.of(Frame.Kind.INTERRUPT));
      Frame said = frames.read().orElseThrow();
      assertThat(said.kind()).isEqualTo(Frame.Kind.ERROR);
      assertThat(new String(said.bytes(), StandardCharsets.UTF_8)).contains("refused a.jar: inter");
      assertThat(frames.read().orElseThrow().number(0)).isEqualTo(Command.INTERRUPTED);
    }
  }

  @Test
  void commandOfWhoHasGoneIsInterrupted() throws Exception {
    Waiting waiting = new Waiting();
    swapper.meanwhile = waiting;
    try (ShellSocket socket = open(data)) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
          Frames frames = new Frames(channel, "asker-out")) {
        frames.send(new Ask("/", "bob", "", 0, 0, List.of("swap", "a.jar")).frame());
        waiting.begun.await();
      }
      waiting.interrupted.await();
    }
  }

  @Test
  void whatIsDoneAllTheSameIsDone() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    swapper.receipts = List.of(Given.swapped());
    swapper.meanwhile =
        () -> {
          sent.countDown();
          while (!Thread.currentThread().isInterrupted()) { // published by then
            Thread.onSpinWait();
          }
        };
    try (ShellSocket socket = open(data);
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
        Frames frames = new Frames(channel, "asker-out")) {
      frames.send(new Ask("/", "bob", "", 0, 0, List.of("swap", "a.jar")).frame());
      sent.await();
      frames.send(Frame.of(Frame.Kind.INTERRUPT));
      Frame last = frames.read().orElseThrow();
      while (last.kind() != Frame.Kind.STATUS) {
        last = frames.read().orElseThrow();
      }
      assertThat(last.number(0)).isEqualTo(Command.DONE);
    }
  }

  @Test
  void watchEndsByAnInterrupt() throws Exception {
    try (ShellSocket socket = open(data);
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
        Frames frames = new Frames(channel, "asker-out")) {
      frames.send(new Ask("/", "bob", "", 0, 0, List.of("watch")).frame());
      while (swapper.listeners.isEmpty()) {
        Thread.onSpinWait();
      }
      frames.send(Frame.of(Frame.Kind.INTERRUPT));
      assertThat(frames.read().orElseThrow().number(0)).isEqualTo(Command.INTERRUPTED);
      while (!swapper.listeners.isEmpty()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void shellIsAConversationWithItsOwnStatus() throws Exception {
    try (ShellSocket socket = open(data)) {
      assertThat(ask(socket.path(), "shell")).containsExactly("STATUS 42");
    }
  }

  @Test
  void noCommandAtAllIsOneSentence() throws Exception {
    try (ShellSocket socket = open(data)) {
      assertThat(ask(socket.path()))
          .containsExactly("ERROR " + commands.missing() + "\n", "STATUS 2");
    }
  }

  @Test
  void whatGoesWrongInAConversationIsSaidToWhoAsked() throws Exception {
    talk =
        (ask, frames) -> {
          throw new IllegalStateException("a defect");
        };
    try (ShellSocket socket = open(data)) {
      List<String> answers = ask(socket.path(), "shell");
      assertThat(answers).hasSize(2).last().isEqualTo("STATUS 1");
      assertThat(answers.get(0)).contains("IllegalStateException: a defect");
    }
  }

  /** As where a class of the command cannot be loaded any more. */
  @Test
  void errorInACommandOrAConversationIsSaidToWhoAskedToo() throws Exception {
    swapper.thrown = Optional.of(new NoClassDefFoundError("dev/hotswap/Gone"));
    talk =
        (ask, frames) -> {
          throw new StackOverflowError("deep");
        };
    try (ShellSocket socket = open(data)) {
      List<String> command = ask(socket.path(), "swap", "a.jar");
      assertThat(command).last().isEqualTo("STATUS 1");
      assertThat(command.get(0)).contains("swap went wrong", "NoClassDefFoundError");
      List<String> shell = ask(socket.path(), "shell");
      assertThat(shell).last().isEqualTo("STATUS 1");
      assertThat(shell.get(0)).contains("StackOverflowError: deep");
    }
  }

  @Test
  void otherVersionsAndRubbishAreNotUnderstood() throws Exception {
    try (ShellSocket socket = open(data)) {
      List<String> other = ask(socket.path(), Frame.of(Frame.Kind.ASK, 2, 0, 0));
      assertThat(other).last().isEqualTo("STATUS 2");
      assertThat(other.get(0)).contains("version 1", "not 2");
      List<String> broken = ask(socket.path(), Frame.of(Frame.Kind.ASK, 1));
      assertThat(broken).last().isEqualTo("STATUS 2");
      assertThat(broken.get(0)).contains("it breaks off");
    }
  }

  @Test
  void folderWithALongPathIsReachedAllTheSame() throws Exception {
    Path deep = Files.createDirectories(data.resolve("x".repeat(60)).resolve("y".repeat(60)));
    long before = links();
    try (ShellSocket socket = open(deep)) {
      assertThat(socket.path().toString().length()).isGreaterThan(107);
      assertThat(ask(socket.path(), "list")).last().isEqualTo("STATUS 0");
      assertThat(rights(socket.path())).isEqualTo("rw-------");
    }
    assertThat(links()).as("nothing is left of the way there").isEqualTo(before);
  }

  private static long links() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(file -> Files.isSymbolicLink(file.resolve("s"))).count();
    }
  }

  @Test
  void fileSystemWithoutRightsHasASocketToo() throws Exception {
    try (ShellSocket socket =
        ShellSocket.open(data, false, frames -> new Connection(frames, commands, talk))) {
      assertThat(ask(socket.path(), "list")).last().isEqualTo("STATUS 0");
      Path usual = Files.createDirectory(data.resolve("usual"));
      assertThat(rights(socket.path().getParent())).as("not asked for").isEqualTo(rights(usual));
    }
    assertThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
  }

  @Test
  void hostWithoutDescriptorsLetsOthersInWhenThereAreSomeAgain() throws Exception {
    try (ShellSocket socket =
        ShellSocket.open(
            data, true, frames -> new Connection(frames, commands, talk), new FailingServer(2))) {
      assertThat(ask(socket.path(), "list")).last().isEqualTo("STATUS 0");
    }
  }

  @Test
  void terminalForWhichThereIsNoThreadIsLetGoAndTheNextIsServed() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    try (ShellSocket socket =
        ShellSocket.open(
            data,
            frames -> {
              if (first.getAndSet(false)) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              return new Connection(frames, commands, talk);
            })) {
      assertThat(isLetGo(socket.path())).as("instead of a hang").isTrue();
      assertThat(ask(socket.path(), "list")).last().isEqualTo("STATUS 0");
    }
  }

  private boolean isLetGo(Path socket) {
    try {
      return ask(socket, "list").isEmpty();
    } catch (IOException e) {
      return true; // what was asked is not read any more
    }
  }

  @Test
  void whatIsInTheWayIsLeftAlone() throws Exception {
    Files.createDirectories(data.resolve("shell/mine"));
    assertThatThrownBy(() -> open(data)).isInstanceOf(IOException.class);
    assertThat(data.resolve("shell/mine")).exists();
  }

  @Test
  void closeEndsEveryThreadAndEveryConversation() throws Exception {
    CountDownLatch talking = new CountDownLatch(1);
    talk =
        (ask, frames) -> {
          talking.countDown();
          while (frames.read().isPresent()) {
            continue; // until the other side is gone
          }
          return 0;
        };
    ShellSocket socket = open(data);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()));
        Frames frames = new Frames(channel, "asker-out")) {
      frames.send(new Ask("/", "bob", "", 0, 0, List.of("shell")).frame());
      talking.await(); // what is not read yet at the close would be a reset in place of an end
      List<Thread> threads = threads();
      assertThat(threads).as("who accepts, who serves, who writes").hasSizeGreaterThanOrEqualTo(3);
      socket.close();
      assertThat(frames.read()).as("the other side sees the end").isEmpty();
      for (Thread thread : threads) {
        thread.join(20_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("hotswap-shell"))
        .toList();
  }
}
