package dev.hotswap.core;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Predicate;

/**
 * The generations that the next rollback of their plugins would start, until that would go back to
 * another, or their time is over; then they are reclaimed. Whoever takes one out is the only one to
 * act on it. Thread-safe.
 */
final class Standby implements AutoCloseable {
  private final Duration time;
  private final Retirer retirer;
  private final FreshThreads threads;
  private final Predicate<LiveGeneration> wayBack;
  private final Map<String, LiveGeneration> standing = new HashMap<>(); // guards itself
  private final ScheduledThreadPoolExecutor clock;

  /**
   * @param time how long a generation stands by
   * @param threads for what is reclaimed when its time is over: that may hang, and no other is to
   *     wait for it
   * @param wayBack whether the next rollback would go back to it
   */
  Standby(Duration time, Retirer retirer, FreshThreads threads, Predicate<LiveGeneration> wayBack) {
    this.time = time;
    this.retirer = retirer;
    this.threads = threads;
    this.wayBack = wayBack;
    this.clock = new ScheduledThreadPoolExecutor(1, Standby::daemon);
    clock.setRemoveOnCancelPolicy(true);
    clock.setKeepAliveTime(1, SECONDS);
    clock.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(null, work, "hotswap-standby", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(Standby.class.getClassLoader());
    return thread;
  }

  /** It has drained and is stopped, and was what the next rollback would go back to. */
  void enter(long swap, LiveGeneration generation) {
    LiveGeneration before;
    synchronized (standing) {
      before = standing.put(generation.generation().plugin(), generation);
    }
    if (before != null) {
      reclaim(swap, before);
    }
    evict(swap); // a swap may have come in between, and have looked before it stood here
    try {
      clock.schedule(() -> expire(swap, generation), time.toNanos(), NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return; // the host closes, and takes the framework down with it
    }
  }

  /** Reclaims what the next rollback would not go back to any more. */
  void evict(long swap) {
    List<LiveGeneration> all;
    synchronized (standing) {
      all = List.copyOf(standing.values());
    }
    for (LiveGeneration each : all) {
      if (!wayBack.test(each) && forget(each)) {
        reclaim(swap, each);
      }
    }
  }

  /** Takes them all out to be started again, if every one of them still stands by. */
  Optional<List<LiveGeneration>> tryTake(List<Generation> wanted) {
    List<LiveGeneration> taken = new ArrayList<>();
    synchronized (standing) { // all at once: what is put back may have expired, or have a successor
      for (Generation generation : wanted) {
        LiveGeneration there = standing.get(generation.plugin());
        // a bundle that somebody has updated is not what was swapped in: the store has that
        if (there == null || there.isUpdated() || !there.generation().equals(generation)) {
          return Optional.empty();
        }
        taken.add(there);
      }
      taken.forEach(this::forget);
    }
    return Optional.of(taken);
  }

  /** Its bundle is gone, or is to go; answers whether it stood by. */
  boolean forget(LiveGeneration generation) {
    synchronized (standing) {
      return standing.remove(generation.generation().plugin(), generation);
    }
  }

  private void expire(long swap, LiveGeneration generation) {
    if (forget(generation)
        && !threads.tryRun("hotswap-expire-" + swap, () -> reclaim(swap, generation))
        && !clock.isShutdown()) {
      reclaim(swap, generation);
    }
  }

  /** Whoever has taken its place, or the clock, has nothing to do with it if that fails. */
  private void reclaim(long swap, LiveGeneration generation) {
    generation.stage(Stage.DRAINED);
    try {
      retirer.reclaim(swap, generation);
    } catch (RuntimeException | Error e) {
      Departures.notReclaimed(List.of(generation), Thrown.asText(e));
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
