package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Who is noted, where a thread's own class says what its id is and whom it equals. */
class TakersTest {
  private final Takers takers = Takers.of(true);

  /** Below JDK 19 its id is what it says. */
  private static final class Alike extends Thread {
    Alike(Runnable work, String name) {
      super(work, name);
    }

    @Override
    @SuppressWarnings("deprecation") // since JDK 19
    public long getId() {
      return 7;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Alike;
    }

    @Override
    public int hashCode() {
      return 7;
    }
  }

  @Test
  void whoLeavesTakesItsOwnNoteBackAlsoWhereThreadsSayThatTheyAreOne() throws Exception {
    CountDownLatch firstIsIn = new CountDownLatch(1);
    CountDownLatch secondIsIn = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (Crew crew = new Crew()) {
      Crew.Member<Boolean> first = alike(crew, "first", firstIsIn, secondIsIn);
      Crew.await(firstIsIn);
      Crew.Member<Boolean> second = alike(crew, "second", secondIsIn, go);
      first.join();

      assertThat(takers.inside())
          .extracting(taker -> taker.get().getName())
          .containsExactly("second");

      go.countDown();
      second.join();
      assertThat(takers.inside()).isEmpty();
    }
  }

  private Crew.Member<Boolean> alike(
      Crew crew, String name, CountDownLatch in, CountDownLatch leave) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              takers.noteCall();
              in.countDown();
              Crew.await(leave);
              takers.strikeCall();
              return true;
            });
    return crew.start(new Alike(task, name), task);
  }
}
