package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stands by, where it cannot be reclaimed. */
@Timeout(30)
class StandbyTest {
  @TempDir Path folder;
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger(Departures.class.getName());
  private final Handler handler = new LogLines();
  private FakeHost host;

  private final class LogLines extends Handler {
    @Override
    public void publish(LogRecord line) {
      logged.add(line.getMessage());
    }

    @Override
    public void flush() {
      // nothing is buffered
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void close() {
    host.close();
    logger.removeHandler(handler);
  }

  /** The first generation cannot be removed. */
  private void open(UnaryOperator<SwapSettings> settings) {
    host = new FakeHost(folder, settings);
    host.installer.removal =
        generation -> {
          if (generation.generation().number() == 1) {
            throw new IllegalStateException("the framework is at a loss");
          }
        };
  }

  private void swap(String version) throws Exception {
    host.swapper.swap(host.jar("p", version)).awaitReclaimed(FakeHost.LIMIT);
  }

  @Test
  void whatCannotBeReclaimedDoesNotKeepItsSuccessorFromStandingBy() throws Exception {
    open(settings -> settings.withStandby(Duration.ofMinutes(5)));
    swap("1");
    swap("2");
    swap("3");

    assertThat(host.events)
        .filteredOn(SwapEvent.StoodBy.class::isInstance)
        .extracting(event -> ((SwapEvent.StoodBy) event).generation().id())
        .containsExactly("p#1", "p#2");
    assertThat(logged)
        .singleElement()
        .asString()
        .contains("event=not-reclaimed", "p generation 1 (1)", "the framework is at a loss");
    host.swapper.rollback("p");
    assertThat(host.name()).isEqualTo("p#4");
  }

  @Test
  void whatCannotBeReclaimedWhenItsTimeIsOverIsNamedInTheLog() throws Exception {
    open(settings -> settings.withStandby(Duration.ofMillis(1)));
    swap("1");
    swap("2");

    await().until(() -> !logged.isEmpty());
    assertThat(logged.get(0)).contains("event=not-reclaimed", "p generation 1 (1)");
    assertThat(host.stages("p")).contains(Stage.CURRENT);
  }

  private List<String> stoodBy() {
    return host.events.stream()
        .filter(SwapEvent.StoodBy.class::isInstance)
        .map(event -> ((SwapEvent.StoodBy) event).generation().id())
        .toList();
  }

  private void openPlain(Duration standby) {
    host = new FakeHost(folder, settings -> settings.withStandby(standby));
  }

  /** It ended last, and no rollback goes back to it. */
  @Test
  void generationThatWasStuckDoesNotTakeThePlaceOfTheOneToGoBackTo() throws Exception {
    openPlain(Duration.ofMinutes(5));
    swap("1");
    Lease<FakeHost.Named> stuck = host.named.lease();
    Swap first = host.swapper.swap(host.jar("p", "2"));
    swap("3");

    stuck.close();
    first.awaitReclaimed(FakeHost.LIMIT);

    assertThat(stoodBy()).containsExactly("p#2");
    assertThat(host.installer.removed).extracting(Generation::id).containsExactly("p#1");
    host.swapper.rollback("p");
    assertThat(host.name()).isEqualTo("p#4");
    assertThat(host.started).as("the very bundle").hasSize(4);
  }

  @Test
  void generationThatWasRolledAwayDoesNotStandBy() throws Exception {
    openPlain(Duration.ofMinutes(5));
    swap("1");
    swap("2");

    host.swapper.rollback("p").awaitReclaimed(FakeHost.LIMIT);

    assertThat(stoodBy()).containsExactly("p#1");
    assertThat(host.installer.removed).extracting(Generation::id).containsExactly("p#2");
    assertThat(host.stages("p")).containsExactly(Stage.CURRENT);
  }

  @Test
  void whatStoodByForAPluginThatIsUnloadedIsReclaimed() throws Exception {
    openPlain(Duration.ofMinutes(5));
    swap("1");
    swap("2");

    host.swapper.unload("p").awaitReclaimed(FakeHost.LIMIT);

    assertThat(host.installer.removed)
        .extracting(Generation::id)
        .containsExactlyInAnyOrder("p#1", "p#2");
  }

  @Test
  void reclaimThatHangsWhenItsTimeIsOverHoldsUpNoOther() throws Exception {
    openPlain(Duration.ofMillis(50));
    CountDownLatch never = new CountDownLatch(1);
    host.installer.removal =
        generation -> {
          if (generation.generation().plugin().equals("p")) {
            never.await();
          }
        };
    swap("1");
    host.swapper.swap(host.jar("q", "1"));
    swap("2");

    host.swapper.swap(host.jar("q", "2")).awaitReclaimed(FakeHost.LIMIT);

    await().until(() -> host.installer.removed.size() == 1);
    assertThat(host.installer.removed).extracting(Generation::id).containsExactly("q#1");
    never.countDown();
  }
}
