package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a new generation must offer, and how soon it is known that it does not. */
@Timeout(30)
class CheckTest {
  @TempDir Path folder;
  private final Crew crew = new Crew();
  private FakeHost host;

  /** A second contract. */
  interface Extra {}

  @BeforeEach
  void open() {
    host = new FakeHost(folder, settings -> settings.withStartLimit(Duration.ofMinutes(5)));
  }

  @AfterEach
  void close() {
    crew.close();
    host.close();
  }

  @Test
  void contractThatNobodyTookAHandleOnMayDisappear() {
    host.start =
        generation -> {
          host.offer(generation);
          if (generation.generation().number() == 1) {
            host.world.offer(generation, Extra.class, new Extra() {}, new ServiceRank(0, 99));
          }
        };
    host.swapper.swap(host.jar("p", "1"));

    host.swapper.swap(host.jar("p", "2"));

    assertThat(host.name()).isEqualTo("p#2");
  }

  @Test
  void serviceOfTheWrongTypeThatComesLateIsRefusedAtOnce() {
    noteWhileTheCheckWaits(
        generation -> host.world.misfit(generation, "Named", "x.Y", "another loader's copy"));

    assertThat(host.refusalOf(() -> host.swapper.swap(host.jar("p", "1"))))
        .isInstanceOf(Refusal.WrongClassSpace.class);
  }

  @Test
  void troubleThatComesLateIsRefusedAtOnce() {
    noteWhileTheCheckWaits(generation -> host.world.trouble(generation, "its factory failed"));

    assertThat(host.refusalOf(() -> host.swapper.swap(host.jar("p", "1"))).message())
        .contains("its factory failed");
  }

  private void noteWhileTheCheckWaits(Consumer<LiveGeneration> note) {
    Thread asker = Thread.currentThread();
    host.start =
        generation ->
            crew.run(
                "component",
                () -> {
                  Crew.awaitTrue("the check", () -> isChecking(asker));
                  note.accept(generation);
                });
  }

  private static boolean isChecking(Thread asker) {
    return asker.getState() == Thread.State.TIMED_WAITING
        && Arrays.stream(asker.getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("awaitOffers"));
  }
}
