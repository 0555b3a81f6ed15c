package dev.hotswap.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Runs the tests of the owner lane on two threads of exactly the class {@code Thread}. Those of
 * jcstress are of a subclass, which before JDK 19 never owns a stripe, so that there jcstress sees
 * the shared lane only.
 */
public final class PlainThreads {
  private static final int STRIDE = 128;

  private final long nanos;

  private PlainThreads(long nanos) {
    this.nanos = nanos;
  }

  /** {@code --quick}: four seconds each instead of sixty. */
  public static void main(String... args) throws Exception {
    long seconds = List.of(args).contains("--quick") ? 4 : 60;
    PlainThreads runner = new PlainThreads(TimeUnit.SECONDS.toNanos(seconds));
    boolean passed =
        runner.passes(
                "OwnerLaneAgainstDrain",
                "[12], 1",
                OwnerLaneAgainstDrain::new,
                OwnerLaneAgainstDrain::caller,
                OwnerLaneAgainstDrain::swapper)
            & runner.passes(
                "NestedCallAgainstDrain",
                "[12], 1",
                NestedCallAgainstDrain::new,
                NestedCallAgainstDrain::caller,
                NestedCallAgainstDrain::swapper)
            & runner.passes(
                "ProxyAgainstDrain",
                "[12], 1",
                ProxyAgainstDrain::new,
                ProxyAgainstDrain::caller,
                ProxyAgainstDrain::swapper)
            & runner.passes(
                "StageAgainstDrain",
                "[12], 1",
                StageAgainstDrain::new,
                StageAgainstDrain::caller,
                StageAgainstDrain::swapper)
            & runner.passes(
                "TwoPublishes",
                "0, 0",
                TwoPublishes::new,
                TwoPublishes::caller,
                (test, r) -> test.swapper());
    System.exit(passed ? 0 : 1);
  }

  /** One actor of a test. */
  private interface Actor<T> {
    void act(T test, II_Result result);
  }

  /** One test and its result. */
  private record Trial<T>(T test, II_Result result) {}

  private <T> boolean passes(
      String name, String acceptable, Supplier<T> test, Actor<T> caller, Actor<T> swapper)
      throws InterruptedException {
    Map<String, Integer> seen = new TreeMap<>();
    AtomicReference<List<Trial<T>>> stride = new AtomicReference<>(newStride(test));
    long end = System.nanoTime() + nanos;
    CyclicBarrier barrier =
        new CyclicBarrier(
            2,
            () -> {
              stride.get().forEach(trial -> seen.merge(outcome(trial), 1, Integer::sum));
              stride.set(System.nanoTime() < end ? newStride(test) : List.of());
            });
    Thread one = start(name + " caller", stride, barrier, trial -> act(trial, caller));
    Thread other = start(name + " swapper", stride, barrier, trial -> act(trial, swapper));
    one.join();
    other.join();
    boolean passed = seen.keySet().stream().allMatch(outcome -> outcome.matches(acceptable));
    System.out.println((passed ? "passed " : "FORBIDDEN ") + name + " " + seen);
    return passed && !seen.isEmpty();
  }

  private static <T> List<Trial<T>> newStride(Supplier<T> test) {
    List<Trial<T>> stride = new ArrayList<>(STRIDE);
    for (int i = 0; i < STRIDE; i++) {
      stride.add(new Trial<>(test.get(), new II_Result()));
    }
    return stride;
  }

  private static <T> String outcome(Trial<T> trial) {
    return trial.result().r1 + ", " + trial.result().r2;
  }

  private static <T> void act(Trial<T> trial, Actor<T> actor) {
    actor.act(trial.test(), trial.result());
  }

  private static <T> Thread start(
      String name,
      AtomicReference<List<Trial<T>>> stride,
      CyclicBarrier barrier,
      Consumer<Trial<T>> actor) {
    Thread thread =
        new Thread(
            () -> {
              while (!stride.get().isEmpty()) {
                stride.get().forEach(actor);
                await(barrier);
              }
            },
            name);
    thread.start();
    return thread;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
