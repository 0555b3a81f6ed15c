package dev.hotswap.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The virtual threads that are inside, so that their calls are known as those of {@link Guests}
 * are. There may be millions, each for one call: so nothing is made for a thread, and nothing kept
 * of it after its calls. It has one of a few berths that its id tells, as long as one goes on.
 * Whoever finds those taken is not known. Thread-safe.
 */
final class Berths {
  /** Where a thread looks. */
  private static final int WINDOW = 8;

  private static final int WINDOWS = 64;

  /** How often a thread is looked at that stays, while others of its stripe come out. */
  private static final int LOOKS = 3;

  private final AtomicReferenceArray<Thread> berths = new AtomicReferenceArray<>(WINDOWS * WINDOW);

  /** How many calls of a berth's thread go on; written by that thread. */
  private final AtomicIntegerArray calls = new AtomicIntegerArray(WINDOWS * WINDOW);

  /** A call of this thread begins. */
  void take(Thread thread) {
    int own = of(thread);
    if (own >= 0) {
      calls.setRelease(own, calls.getPlain(own) + 1);
      return;
    }
    int first = first(thread);
    for (int berth = first; berth < first + WINDOW; berth++) {
      Thread before = berths.get(berth);
      boolean isFree = before == null || !before.isAlive();
      if (isFree && berths.compareAndSet(berth, before, thread)) {
        calls.setRelease(berth, 1);
        return;
      }
    }
  }

  /** The innermost call of this thread ends. */
  void leave(Thread thread) {
    int own = of(thread);
    if (own < 0) {
      return; // it came when others had them all
    }
    int left = calls.getPlain(own) - 1;
    calls.setRelease(own, left);
    if (left == 0) {
      berths.setRelease(own, null);
    }
  }

  /** Whether a call of the thread, which is this one, goes on. */
  boolean has(Thread self) {
    return of(self) >= 0;
  }

  /** Nobody else writes where the thread is. */
  private int of(Thread thread) {
    int first = first(thread);
    for (int berth = first; berth < first + WINDOW; berth++) {
      if (berths.getPlain(berth) == thread) {
        return berth;
      }
    }
    return -1;
  }

  /** Threads with consecutive ids look at others, which are on other cache lines. */
  private static int first(Thread thread) {
    int id = (int) Threads.id(thread);
    return ((id & 7) << 3 | id >>> 3 & 7) * WINDOW;
  }

  /**
   * What {@code look} finds of each thread, once for each of its calls. It was in one and the same
   * call all the while that {@code look} took.
   *
   * @param ended of a thread, a number that is another one whenever a call of it has ended
   */
  <T> List<List<T>> seen(Function<Thread, T> look, ToLongFunction<Thread> ended) {
    List<List<T>> seen = new ArrayList<>();
    for (int berth = 0; berth < berths.length(); berth++) {
      Thread caller = berths.get(berth);
      if (caller != null) {
        seen.add(seen(berth, caller, look, ended));
      }
    }
    return seen;
  }

  private <T> List<T> seen(
      int berth, Thread caller, Function<Thread, T> look, ToLongFunction<Thread> ended) {
    for (int i = 0; i < LOOKS; i++) {
      long before = ended.applyAsLong(caller);
      if (berths.get(berth) != caller) {
        return List.of();
      }
      T seen = look.apply(caller);
      int times = Math.max(1, calls.getAcquire(berth)); // 0: it has just come
      if (berths.get(berth) == caller && ended.applyAsLong(caller) == before) {
        return Collections.nCopies(times, seen);
      }
    }
    return List.of();
  }
}
