package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When threads begin and end: with a moment of an hour nothing happens by the clock. */
@Timeout(60)
class FreshThreadsTest {
  private final Set<Thread> before = alive();
  private final FreshThreads threads = new FreshThreads(Duration.ofHours(1));

  @BeforeEach
  void begin() {
    awaitSpares(3);
  }

  @AfterEach
  void end() {
    threads.end();
    assertThat(own("hotswap-")).isEmpty();
  }

  @Test
  void whileASwapIsUnderWayNoSpareIsMadeGood() throws Exception {
    run("hotswap-first");

    awaitState(own("hotswap-starter").get(0), Thread.State.TIMED_WAITING); // for the moment
    assertThat(own("hotswap-fresh")).hasSize(2);
  }

  @Test
  void whoFindsNoSpareDoesNotWaitForTheMoment() throws Exception {
    Set<Thread> ran = ConcurrentHashMap.newKeySet();

    for (int i = 0; i < 20; i++) {
      ran.add(run("hotswap-task"));
    }

    assertThat(ran).as("each by a thread of its own").hasSize(20);
  }

  @Test
  void threadThatHasDoneItsTaskStaysForAMomentUnderOurClassLoader() throws Exception {
    ClassLoader foreign = new ClassLoader() {};

    Thread done =
        run(
            "hotswap-task",
            () -> {
              Thread.currentThread().interrupt();
              Thread.currentThread().setContextClassLoader(foreign);
              Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
            });
    awaitState(done, Thread.State.TIMED_WAITING);

    assertThat(done.getContextClassLoader()).isSameAs(FreshThreads.class.getClassLoader());
    assertThat(done.getUncaughtExceptionHandler()).isSameAs(done.getThreadGroup());
  }

  @Test
  void sparesAreMadeGoodAndThreadsEndWhenTheMomentIsOver() throws Exception {
    FreshThreads quick = new FreshThreads(Duration.ofMillis(1));
    try {
      awaitSpares(6); // those of both
      Thread done = run(quick, "hotswap-task", () -> {});

      done.join();
      awaitSpares(6);
    } finally {
      quick.end();
    }
  }

  @Test
  void whoeverAsksWithManyOthersIsServedAndLeavesNothingUrgentBehind() throws Exception {
    try (Crew crew = new Crew()) {
      for (int i = 0; i < 20; i++) {
        crew.run("asks", () -> run("hotswap-task"));
      }
      crew.join();
    }
    Thread starter = own("hotswap-starter").get(0);
    Crew.awaitTrue(
        "have all or wait",
        () -> spares() == 3 || starter.getState() == Thread.State.TIMED_WAITING);
    run("hotswap-task"); // the last of the crew may have been asking still, but this one is not

    awaitState(starter, Thread.State.TIMED_WAITING); // for the moment
  }

  private Thread run(String name) throws InterruptedException {
    return run(name, () -> {});
  }

  private Thread run(String name, Runnable work) throws InterruptedException {
    return run(threads, name, work);
  }

  private static Thread run(FreshThreads on, String name, Runnable work)
      throws InterruptedException {
    BlockingQueue<Thread> ran = new ArrayBlockingQueue<>(1);
    CountDownLatch done = new CountDownLatch(1);
    assertThat(
            on.tryRun(
                name,
                () -> {
                  ran.add(Thread.currentThread());
                  work.run();
                  done.countDown();
                }))
        .isTrue();
    Crew.await(done);
    return ran.take();
  }

  /** They wait for a task. */
  private void awaitSpares(int count) {
    Crew.awaitTrue("have " + count + " spares", () -> spares() == count);
  }

  private int spares() {
    return (int)
        own("hotswap-fresh").stream()
            .filter(spare -> spare.getState() == Thread.State.WAITING)
            .count();
  }

  private static void awaitState(Thread thread, Thread.State state) {
    Crew.awaitTrue("be " + state, () -> thread.getState() == state);
  }

  private static Set<Thread> alive() {
    return Thread.getAllStackTraces().keySet();
  }

  private List<Thread> own(String prefix) {
    return alive().stream()
        .filter(thread -> thread.getName().startsWith(prefix) && !before.contains(thread))
        .toList();
  }
}
