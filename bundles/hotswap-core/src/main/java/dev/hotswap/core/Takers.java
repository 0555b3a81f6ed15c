package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Those who are inside one service object by the shared lane, noted one by one where leases are
 * tracked. Thread-safe.
 */
final class Takers {
  /** Of a host that does not track leases: always empty. */
  static final Takers UNTRACKED = new Takers();

  private final Set<Taker> inside = ConcurrentHashMap.newKeySet();

  /** By thread the innermost call that has no other place for its note. */
  private final Map<Self, Taker> calls = new ConcurrentHashMap<>();

  /** A thread, whatever its class makes of {@code getId} and {@code equals}. */
  private static final class Self {
    private final Thread thread = Thread.currentThread();

    @Override
    public boolean equals(Object other) {
      return other instanceof Self self && self.thread == thread;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(thread);
    }
  }

  private Takers() {}

  /** For one service object. */
  static Takers of(boolean tracked) {
    return tracked ? new Takers() : UNTRACKED;
  }

  /** This thread has come in. */
  Taker note(Holder.Kind kind) {
    Taker taker = Taker.here(kind);
    inside.add(taker);
    return taker;
  }

  /** This thread has come in by a call that ends on it, and does not keep the note. */
  void noteCall() {
    Taker taker = note(Holder.Kind.CALL);
    Taker outer = calls.put(new Self(), taker);
    taker.within(outer);
  }

  /** Ends the innermost call that this thread has noted so. */
  void strikeCall() {
    calls.computeIfPresent(
        new Self(),
        (self, taker) -> {
          strike(taker);
          return taker.outer();
        });
  }

  /** It goes out; nothing of it is kept. */
  void strike(Taker taker) {
    inside.remove(taker);
  }

  /** Who is inside now. */
  Set<Taker> inside() {
    return Set.copyOf(inside);
  }

  /** Each was inside all the while that its stack was taken. */
  Stream<Held> held(Generation generation) {
    return inside.stream()
        .flatMap(
            taker -> {
              Held held = new Held(taker.holder(generation), taker.get());
              return inside.contains(taker) ? Stream.of(held) : Stream.empty();
            });
  }
}
