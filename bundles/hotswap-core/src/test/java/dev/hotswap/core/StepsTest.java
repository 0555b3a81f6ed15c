package dev.hotswap.core;

import static dev.hotswap.api.Step.CHECK;
import static dev.hotswap.api.Step.HOLD;
import static dev.hotswap.api.Step.PLACE;
import static dev.hotswap.api.Step.PLAN;
import static dev.hotswap.api.Step.PREPARE;
import static dev.hotswap.api.Step.PROBE;
import static dev.hotswap.api.Step.PUBLISH;
import static dev.hotswap.api.Step.READ;
import static dev.hotswap.api.Step.START;
import static dev.hotswap.api.Step.TURN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Lease;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.SwapOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a listener hears of where a swap is. */
@Timeout(60)
class StepsTest {
  @TempDir Path folder;
  private final List<Step> steps = new ArrayList<>();
  private Consumer<Step> also = step -> {};
  private FakeHost host;

  @BeforeEach
  void open() {
    host =
        new FakeHost(
            folder,
            settings -> settings.withLiveGenerations(2).withAvailability(Duration.ofSeconds(10)));
    Thread asker = Thread.currentThread();
    host.swapper.subscribe(
        new SwapListener() {
          @Override
          public void on(SwapEvent event) {
            // only steps are of interest
          }

          @Override
          public void entered(Step step) {
            assertThat(Thread.currentThread()).isSameAs(asker);
            steps.add(step);
            also.accept(step);
          }
        });
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void swapTellsEachStepInItsOrderOnTheThreadOfWhoAsked() {
    host.swapper.swap(host.jar("p", "1"));
    assertThat(steps).containsExactly(TURN, READ, PLAN, PREPARE, START, CHECK, PUBLISH, PROBE);
  }

  @Test
  void whoWaitsForAPlaceSaysSoAndThenTriesOnceMore() {
    host.swapper.swap(host.jar("p", "1"));
    Lease<FakeHost.Named> lease = host.named.lease();
    host.swapper.swap(host.jar("p", "2"));
    steps.clear();
    also = step -> closeAt(step, lease);

    Receipt receipt = host.swapper.swap(host.jar("p", "3")).receipt();

    assertThat(steps.subList(0, 4)).containsExactly(TURN, READ, PLAN, PLACE);
    assertThat(steps.subList(4, 6)).containsExactly(TURN, READ);
    assertThat(steps).endsWith(PUBLISH, PROBE);
    assertThat(receipt.timings().turn()).as("the wait is in the receipt").isPositive();
  }

  private static void closeAt(Step step, Lease<FakeHost.Named> lease) {
    if (step == PLACE) {
      lease.close();
    }
  }

  @Test
  void whileCallersAreHeldItSaysSoUntilThePublish() {
    host.swapper.swap(host.jar("p", "1"));
    steps.clear();
    host.swapper.swap(SwapOptions.NONE.withInPlace(true), host.jar("p", "2"));
    assertThat(steps)
        .as("before it there is nothing to start yet")
        .containsSubsequence(
            TURN, READ, PLAN, PREPARE, PUBLISH, HOLD, START, CHECK, HOLD, PUBLISH, PROBE);
  }

  @Test
  void listenerThatThrowsAtAStepChangesNothing() {
    also =
        step -> {
          throw new IllegalStateException("a listener's own trouble");
        };
    host.swapper.swap(host.jar("p", "1"));
    assertThat(host.name()).isEqualTo("p#1");
  }
}
