package dev.hotswap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Generation;
import dev.hotswap.api.SwapEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DeferredListenerTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<SwapEvent> told = new ArrayList<>();
  private final DeferredListener listener = new DeferredListener(tasks::add, told::add);

  @Test
  void tellsNothingOnTheThreadOfTheEvent() {
    listener.on(event(1));
    assertThat(told).isEmpty();
    tasks.remove().run();
    assertThat(told).containsExactly(event(1));
  }

  /** Two tasks at once on two threads could overtake each other. */
  @Test
  void hasOneTaskAtATimeSoThatTheOrderStays() {
    LongStream.rangeClosed(1, 3).forEach(number -> listener.on(event(number)));
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(told).containsExactly(event(1), event(2), event(3));
    listener.on(event(4));
    tasks.remove().run();
    assertThat(told).hasSize(4);
  }

  @Test
  void tellsTheNextEventAlsoAfterTheListenerHasThrown() {
    DeferredListener failing =
        new DeferredListener(
            tasks::add,
            event -> {
              told.add(event);
              throw new AssertionError("a test's listener fails");
            });
    failing.on(event(1));
    failing.on(event(2));
    tasks.remove().run();
    assertThat(told).containsExactly(event(1), event(2));
  }

  @Test
  void dropsWhatAnExecutorDoesNotTakeAndGoesOnWhenItDoes() {
    Queue<Boolean> open = new ArrayDeque<>(List.of(false, true));
    DeferredListener rejected =
        new DeferredListener(
            task -> {
              if (!open.remove()) {
                throw new RejectedExecutionException("shut down");
              }
              tasks.add(task);
            },
            told::add);
    assertThatThrownBy(() -> rejected.on(event(1))).isInstanceOf(RejectedExecutionException.class);
    rejected.on(event(2));
    tasks.remove().run();
    assertThat(told).containsExactly(event(2));
  }

  private static SwapEvent event(long number) {
    return new SwapEvent.StoodBy(
        number, Instant.EPOCH, new Generation("rules", number, "1.0.0", "ab".repeat(32)));
  }
}
