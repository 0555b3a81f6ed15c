package dev.hotswap.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The virtual threads that are inside, so that their calls are known as those of {@link Guests}
 * are. There may be millions, each for one call: so nothing is made for a thread, and nothing kept
 * of it after its call. Each call has one of a few berths that the thread's id tells, as long as it
 * goes on. Whoever finds those taken is not known. Thread-safe.
 */
final class Berths {
  /** Where a thread looks: threads with consecutive ids look at others. */
  private static final int WINDOW = 8;

  private static final int WINDOWS = 64;

  /** How often a thread is looked at that stays, while others of its stripe come out. */
  private static final int LOOKS = 3;

  private final AtomicReferenceArray<Thread> berths = new AtomicReferenceArray<>(WINDOWS * WINDOW);

  /** A call of this thread begins. */
  void take(Thread thread) {
    int first = first(thread);
    for (int berth = first; berth < first + WINDOW; berth++) {
      Thread before = berths.get(berth);
      boolean isFree = before == null || !before.isAlive();
      if (isFree && berths.compareAndSet(berth, before, thread)) {
        return;
      }
    }
  }

  /** A call of this thread ends. Of two it does not matter which, as both are its own. */
  void leave(Thread thread) {
    int first = first(thread);
    for (int berth = first; berth < first + WINDOW; berth++) {
      if (berths.get(berth) == thread) { // nobody else writes there meanwhile
        berths.setRelease(berth, null);
        return;
      }
    }
  }

  /** Whether a call of the thread, which is this one, goes on. */
  boolean has(Thread self) {
    int first = first(self);
    for (int berth = first; berth < first + WINDOW; berth++) {
      if (berths.get(berth) == self) {
        return true;
      }
    }
    return false;
  }

  private static int first(Thread thread) {
    return ((int) Threads.id(thread) & (WINDOWS - 1)) * WINDOW;
  }

  /**
   * What {@code look} finds of each thread, once for each of its calls. It was in one and the same
   * call all the while that {@code look} took.
   *
   * @param ended of a thread, a number that is another one whenever a call of it has ended
   */
  <T> Collection<List<T>> seen(Function<Thread, T> look, ToLongFunction<Thread> ended) {
    Map<Thread, List<T>> seen = new IdentityHashMap<>();
    for (int berth = 0; berth < berths.length(); berth++) {
      Thread caller = berths.get(berth);
      if (caller != null) {
        seen(berth, caller, look, ended)
            .ifPresent(it -> seen.computeIfAbsent(caller, none -> new ArrayList<>()).add(it));
      }
    }
    return seen.values();
  }

  private <T> Optional<T> seen(
      int berth, Thread caller, Function<Thread, T> look, ToLongFunction<Thread> ended) {
    for (int i = 0; i < LOOKS && berths.get(berth) == caller; i++) {
      long before = ended.applyAsLong(caller);
      T seen = look.apply(caller);
      if (berths.get(berth) == caller && ended.applyAsLong(caller) == before) {
        return Optional.of(seen);
      }
    }
    return Optional.empty();
  }
}
