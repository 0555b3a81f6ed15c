package dev.hotswap.watch;

import static dev.hotswap.watch.Attendance.plugin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The threads around the rounds. */
@Timeout(60)
class WatchFolderTest {
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir Path parent;
  private final FakeSwapper swapper = new FakeSwapper();

  @Test
  void whatIsThereIsActedOnBeforeOpenReturns() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("watch"));
    Path file = Files.write(folder.resolve("rules.jar"), plugin("rules", "1.0.0"));
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
    WatchFolder.open(folder, swapper).close();
    assertThat(swapper.version("rules")).isPresent();
  }

  @Test
  void eventsLeadToARoundLongBeforeTheRescan() throws Exception {
    WatchOptions options = WatchOptions.DEFAULT.withRescan(NEVER);
    assertThat(isSwapped(options)).isTrue();
  }

  @Test
  void withoutEventsTheFolderIsLookedAtAtIntervals() throws Exception {
    WatchOptions options = WatchOptions.DEFAULT.withEvents(false).withRescan(Duration.ofMillis(20));
    assertThat(isSwapped(options)).isTrue();
  }

  private boolean isSwapped(WatchOptions options) throws Exception {
    CountDownLatch swapped = new CountDownLatch(1);
    swapper.meanwhile = swapped::countDown;
    Path written = Files.write(parent.resolve("rules.jar"), plugin("rules", "1.0.0"));
    Path folder = parent.resolve("watch");
    try (WatchFolder watch = WatchFolder.open(folder, swapper, options, Configurations.NONE)) {
      Files.move(written, folder.resolve("rules.jar"), StandardCopyOption.ATOMIC_MOVE);
      return swapped.await(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void closeEndsBothThreadsAndWaitsForWhatIsBeingDone() throws IOException {
    Set<String> before = threads();
    WatchFolder watch =
        WatchFolder.open(
            parent.resolve("watch"),
            swapper,
            WatchOptions.DEFAULT.withRescan(NEVER),
            Configurations.NONE);
    assertThat(threads()).contains("hotswap-watch", "hotswap-watch-events");
    watch.close();
    watch.close();
    assertThat(threads()).isEqualTo(before);
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("hotswap-watch"))
        .collect(Collectors.toSet());
  }

  @Test
  void closeFromWithinASwapDoesNotWaitForItself() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    WatchFolder[] watch = new WatchFolder[1];
    swapper.meanwhile =
        () -> {
          watch[0].close();
          closed.countDown();
        };
    Path written = Files.write(parent.resolve("rules.jar"), plugin("rules", "1.0.0"));
    Path folder = parent.resolve("watch");
    watch[0] = WatchFolder.open(folder, swapper);
    Files.move(written, folder.resolve("rules.jar"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    watch[0].close();
  }

  @Test
  void failureThatStaysIsSaidOnceAndAnotherOneAnew() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    Handler lines = listening(said);
    WatchOptions options = WatchOptions.DEFAULT.withEvents(false).withRescan(Duration.ofMillis(1));
    CountDownLatch first = failing("no");
    try (WatchFolder watch =
        WatchFolder.open(parent.resolve("watch"), swapper, options, Configurations.NONE)) {
      assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(failing("never").await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      Logger.getLogger("dev.hotswap.watch").removeHandler(lines);
    }
    said.removeIf(line -> !line.startsWith("event=watch-failed"));
    assertThat(said).hasSize(2);
    assertThat(said.get(0)).endsWith("IllegalStateException: no");
    assertThat(said.get(1)).endsWith("IllegalStateException: never");
  }

  private static Handler listening(List<String> said) {
    Handler lines =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            said.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("dev.hotswap.watch").addHandler(lines);
    return lines;
  }

  /** From now on each round fails; the latch is for some of them. */
  private CountDownLatch failing(String reason) {
    CountDownLatch rounds = new CountDownLatch(5);
    swapper.looked =
        () -> {
          rounds.countDown();
          throw new IllegalStateException(reason);
        };
    return rounds;
  }

  /** The file system gives events, and has none left for this folder. */
  @Test
  void folderForWhichThereAreNoEventsLeftIsLookedAtAtIntervalsAndThatIsSaid() {
    Path exhausted =
        (Path)
            Proxy.newProxyInstance(
                Path.class.getClassLoader(),
                new Class<?>[] {Path.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("register")) {
                    throw new IOException("User limit of inotify watches reached");
                  }
                  return method.invoke(parent, arguments);
                });
    List<String> said = new CopyOnWriteArrayList<>();
    Handler lines = listening(said);
    try {
      assertThat(WatchFolder.events(exhausted)).isEmpty();
    } finally {
      Logger.getLogger("dev.hotswap.watch").removeHandler(lines);
    }
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("event=watch-polls")
        .contains("User limit of inotify watches reached");
  }

  @Test
  void folderThatCannotBeMadeIsSaidAtOnce() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> WatchFolder.open(file, swapper))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be watched; name one that this user may write");
  }
}
