package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.CallTimes;
import dev.hotswap.api.Handle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long calls are seen to take, on a clock that the test turns. */
class SeenCallTimesTest {
  private final Crew crew = new Crew();
  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "greeter");
  private final Handle<Greeter> handle = world.handle(Greeter.class);
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may overflow
  private final List<CallTimes> closed = new ArrayList<>();
  private SeenCallTimes times;

  SeenCallTimesTest() {
    plugin.publish(Greeter.class, Greeter.saying("hello"));
    times = new SeenCallTimes(() -> List.of(plugin.current()), clock::get, closed::add);
    times.look();
  }

  @AfterEach
  void dismissCrew() {
    crew.close();
  }

  private void lookAfter(long millis) {
    clock.addAndGet(Duration.ofMillis(millis).toNanos());
    times.look();
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void callThatGoesOnIsSeenWithItsAge() throws Exception {
    Visit visit = Visit.begin(crew, handle, 1);
    lookAfter(1);
    for (int i = 0; i < 30; i++) {
      lookAfter(1);
    }

    assertThat(times.take())
        .singleElement()
        .satisfies(
            seen -> {
              assertThat(seen.generation()).isEqualTo(plugin.current().generation());
              assertThat(seen.longest()).isEqualTo(millis(30));
              assertThat(seen.resolution()).isEqualTo(millis(1));
            });
    visit.end();
  }

  @Test
  void callThatHasEndedTookUntilTheLookThatMissesIt() throws Exception {
    Visit visit = Visit.begin(crew, handle, 1);
    lookAfter(1);
    lookAfter(40);
    visit.end();
    lookAfter(2);

    CallTimes.Times seen = times.take().get(0);
    assertThat(seen.longest()).isEqualTo(millis(42));
    assertThat(seen.resolution()).isEqualTo(millis(40));
    assertThat(times.take()).isEmpty();
  }

  @Test
  void oneLongCallInAThousandIsTheLongestAndNotTheP99() throws Exception {
    Visit visit = Visit.begin(crew, handle, 1);
    lookAfter(1);
    for (int i = 0; i < 50; i++) {
      lookAfter(1);
    }
    crew.run("short", () -> call(1_000)).join();
    lookAfter(1);

    CallTimes.Times seen = times.take().get(0);
    assertThat(seen.calls()).isBetween(1_000L, 1_002L); // the first ones are not the owner's yet
    assertThat(seen.longest()).isEqualTo(millis(51));
    assertThat(seen.p99()).isEqualTo(seen.resolution());
    visit.end();
  }

  @Test
  void longCallIsTheP99WhereItIsOneOfFew() throws Exception {
    Visit visit = Visit.begin(crew, handle, 60);
    lookAfter(1);
    lookAfter(9);

    CallTimes.Times seen = times.take().get(0);
    assertThat(seen.calls()).isBetween(59L, 61L);
    assertThat(seen.p99()).isEqualTo(millis(9));
    visit.end();
  }

  @Test
  void closedItTellsSo() {
    times.close();

    assertThat(closed).containsExactly(times);
  }

  private void call(int calls) {
    for (int i = 0; i < calls; i++) {
      handle.with(greeter -> greeter.greet("short"));
    }
  }
}
