package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Verdict;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Watches reclaimed generations by canaries, as {@link Verdicts} explains. One thread gives the
 * verdicts; it is there as long as something is watched, and waits for the queue of the references
 * or for the next time at which something is due. No code but ours, and no collection, runs under
 * the lock. Thread-safe.
 */
final class Judge implements AutoCloseable {
  /** How soon a JVM that has unloaded nothing is asked again. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Until there is something in the queue. */
  private static final long NEVER = 0;

  private static final long END = -1;

  private final Jvm jvm;
  private final Consumer<Finding> listener;
  private final ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Watches watches;
  private boolean running;
  private boolean closed;

  /**
   * What has become of a generation by now.
   *
   * @param before the verdict until now
   * @param after how long after it was reclaimed
   */
  record Finding(Leaks.Watched told, Verdict before, Duration after) {
    Verdict verdict() {
      return told.verdict();
    }

    /** Whether it is known by this that it is gone, or what it is held by. */
    boolean isNews() {
      return verdict() != before && verdict() != Verdict.WATCHED;
    }
  }

  /**
   * @param listener is told what is found to be collected or held
   */
  Judge(VerdictSettings settings, Jvm jvm, Consumer<Finding> listener) {
    this.jvm = jvm;
    this.listener = listener;
    this.watches = new Watches(settings, jvm, queue);
  }

  /**
   * Watches a generation from now on. Nothing of ours refers to it any more.
   *
   * @param loader its class loader; empty where that is collected already
   */
  void watch(Leaks.Watched told, WeakReference<ClassLoader> loader) {
    boolean begins;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      watches.add(told, loader.get(), jvm.nanoTime());
      begins = !running;
      running = true;
    } finally {
      lock.unlock();
    }
    if (!begins) {
      wake();
    } else if (!jvm.tryRun("hotswap-verdicts", this::run)) {
      ended(); // the next that is watched tries again
    }
  }

  /** Has the thread look again. */
  private void wake() {
    new WeakReference<ClassLoader>(null, queue).enqueue();
  }

  private void run() {
    try {
      for (long millis = step(queue.poll()); millis != END; ) {
        millis = step(queue.remove(millis));
      }
    } catch (InterruptedException e) {
      ended(); // the host closes
    } catch (RuntimeException | Error e) {
      ended();
      throw e;
    }
  }

  private void ended() {
    lock.lock();
    running = false;
    lock.unlock();
  }

  /**
   * Does what is due.
   *
   * @param first what has come into the queue, or null
   * @return for how many milliseconds to wait for the next, as the queue takes it; {@link #END}
   *     where nothing is watched any more
   */
  private long step(Reference<?> first) {
    judge(first).forEach(listener);
    boolean collects;
    long millis;
    lock.lock();
    try {
      if (watches.isEmpty() || closed) {
        running = false;
        return END;
      }
      long now = jvm.nanoTime();
      collects = watches.tryCollect(now);
      millis = watches.nanosToNext(now).map(Judge::millis).orElse(NEVER);
    } finally {
      lock.unlock();
    }
    if (collects) {
      jvm.collect();
    }
    return millis;
  }

  /** Those that are gone, and then, when the queue is empty, those that are held. */
  private List<Finding> judge(Reference<?> first) {
    List<Finding> found = new ArrayList<>();
    lock.lock();
    try {
      for (Reference<?> gone = first; gone != null; gone = queue.poll()) {
        watches.take(gone).map(this::finding).ifPresent(found::add);
      }
      watches.judge(jvm.nanoTime()).forEach(watch -> found.add(finding(watch)));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return found;
  }

  private Finding finding(Watch watch) {
    return new Finding(watch.told(), watch.before(), watch.watchedFor(jvm.nanoTime()));
  }

  /** Rounded up, so that it is not too early. */
  private static long millis(long nanos) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos)) + 1;
  }

  /** As of {@link Leaks#collectNow}. */
  void collectNow(Duration limit) {
    long start = jvm.nanoTime();
    Watches.Ask ask = locked(watches::ask);
    wake(); // some are to be judged sooner now
    try {
      Duration left = limit;
      while (left.compareTo(Duration.ZERO) > 0 && !locked(() -> isAnswered(ask))) {
        if (locked(() -> watches.needsCollection(ask))) {
          jvm.collect();
        }
        awaitChange(ask, left);
        left = limit.minusNanos(jvm.nanoTime() - start);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // what is known by now has to do
    } finally {
      locked(watches::answered);
    }
  }

  private boolean isAnswered(Watches.Ask ask) {
    return closed || watches.isAnswered(ask);
  }

  private void awaitChange(Watches.Ask ask, Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!isAnswered(ask)) {
        changed.awaitNanos(limit.compareTo(PAUSE) < 0 ? limit.toNanos() : PAUSE.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A path's word counts for more than that of canaries; empty where it comes too late. */
  Optional<Finding> found(HoldingPath path) {
    Optional<Finding> found = locked(() -> watches.found(path).map(this::finding));
    wake(); // without a path there may be something to judge again
    return found;
  }

  /** The class loaders of those of the plugin, of all where it is empty. */
  Map<Generation, WeakReference<ClassLoader>> loaders(Optional<String> plugin) {
    Map<Generation, WeakReference<ClassLoader>> loaders = new LinkedHashMap<>();
    locked(() -> watches.of(plugin))
        .forEach(watch -> loaders.put(watch.told().generation(), watch.loader()));
    return loaders;
  }

  /** Both at one moment. */
  Snapshot.Reclaimed snapshot() {
    return locked(() -> new Snapshot.Reclaimed(watches.told(), watches.count()));
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Watches nothing any more, and ends the thread. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      watches.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wake();
  }
}
