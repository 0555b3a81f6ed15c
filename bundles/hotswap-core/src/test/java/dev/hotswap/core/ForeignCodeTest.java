package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code that is given up, and whom its interrupt meets. */
@Timeout(60)
class ForeignCodeTest {
  private final FreshThreads threads = new FreshThreads();
  private final ForeignCode foreign = new ForeignCode(threads);

  @AfterEach
  void end() {
    threads.end();
  }

  @Test
  void codeThatHangsIsInterrupted() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);

    Optional<Boolean> answer =
        foreign.within(
            Duration.ofMillis(10), "hangs", () -> waits(never, interrupted), undone -> {});

    assertThat(answer).isEmpty();
    Crew.await(interrupted);
  }

  private static boolean waits(CountDownLatch latch, CountDownLatch interrupted) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      interrupted.countDown();
      return false;
    }
  }

  @Test
  void interruptOfTheCallerGivesTheCodeUpWhereItIsHeeded() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    try {
      Optional<Boolean> answer =
          foreign.within(
              new ForeignCode.Patience(Duration.ofDays(1), Duration.ZERO, true),
              "hangs",
              () -> {
                caller.interrupt();
                return waits(never, interrupted);
              },
              undone -> {});
      assertThat(answer).isEmpty();
    } finally {
      assertThat(Thread.interrupted()).as("kept").isTrue();
    }
    Crew.await(interrupted);
  }

  /** An uninstall that is interrupted leaves the bundle behind. */
  @Test
  void codeThatComesBackWhenItIsGivenUpIsUndoneWithoutAnInterrupt() throws Exception {
    AtomicInteger met = new AtomicInteger();
    AtomicInteger undone = new AtomicInteger();
    Duration limit = Duration.ofNanos(100_000);
    for (int round = 0; round < 4_000; round++) {
      CountDownLatch ended = new CountDownLatch(1);
      AtomicBoolean late = new AtomicBoolean();
      Optional<Boolean> answer =
          foreign.within(
              limit,
              "comes back at the limit",
              () -> spins(limit),
              result -> {
                late.set(true);
                spins(Duration.ofNanos(100_000)); // it takes a while to take away
                undone.incrementAndGet();
                met.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                ended.countDown();
              });
      if (answer.isEmpty()) {
        Crew.await(ended);
      }
    }
    assertThat(undone.get()).as("rounds in which it came too late").isPositive();
    assertThat(met.get()).as("of %s undos met by an interrupt", undone).isZero();
  }

  private static boolean spins(Duration length) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < length.toNanos()) {
      Thread.onSpinWait();
    }
    return true;
  }
}
