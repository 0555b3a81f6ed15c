package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who took a pin by the shared lane, and when; of a lease also where. Refers to the thread weakly,
 * and to no class.
 */
final class Taker extends WeakReference<Thread> {
  private final Holder.Kind kind;
  private final String threadName;
  private final long threadId;
  private final boolean virtual;
  private final long takenNanos = System.nanoTime();
  private final List<StackTraceElement> takenAt;
  private Taker outer;

  private Taker(Holder.Kind kind, Thread thread) {
    super(thread);
    this.kind = kind;
    this.threadName = thread.getName();
    this.threadId = Threads.id(thread);
    this.virtual = Threads.isVirtual(thread);
    this.takenAt = kind == Holder.Kind.LEASE ? Frames.here() : List.of();
  }

  /** This thread, here and now. */
  static Taker here(Holder.Kind kind) {
    return new Taker(kind, Thread.currentThread());
  }

  /**
   * The call of the same thread that it is made inside of, if that is noted too. Its own to ask.
   */
  Taker outer() {
    return outer;
  }

  void within(Taker call) {
    outer = call;
  }

  /** Whether it is a call of the calling thread. */
  boolean isCallOfCaller() {
    return kind == Holder.Kind.CALL && refersTo(Thread.currentThread());
  }

  Holder holder(Generation generation) {
    Duration age = Duration.ofNanos(System.nanoTime() - takenNanos);
    return new Holder(generation, kind, threadName, threadId, virtual, Optional.of(age), stack());
  }

  /** A lease may have gone to another thread: of it only the place where it was taken is known. */
  private List<String> stack() {
    if (kind == Holder.Kind.LEASE) {
      return Frames.asText(takenAt.stream());
    }
    Thread thread = get();
    return thread == null ? List.of() : Frames.of(thread);
  }
}
