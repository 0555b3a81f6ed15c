package dev.hotswap.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;

/**
 * A thread's calls on one service object by the shared lane: which of them go on. Only that thread
 * writes; anybody reads.
 */
final class Claim extends WeakReference<Thread> {
  private static final VarHandle BEGUN = of("begun");
  private static final VarHandle ENDED = of("ended");

  private volatile int begun;
  private volatile int ended;

  Claim(Thread caller) {
    super(caller);
  }

  private static VarHandle of(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(Claim.class, field, int.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One more begins. */
  Claim begin() {
    BEGUN.setRelease(this, begun + 1);
    return this;
  }

  /** The last of them that has begun is over. */
  void settle() {
    ENDED.setRelease(this, ended + 1);
  }

  /** Whether one goes on. */
  boolean isInside() {
    return endedIfInside() >= 0;
  }

  /** How many have ended, where one goes on; -1 where none does. */
  int endedIfInside() {
    int over = ended; // first: one that ends in between is then taken for one that goes on
    return begun == over ? -1 : over & Integer.MAX_VALUE;
  }

  /** How many go on that had not ended when so many had. */
  int begunBeyond(int endedBefore) {
    return begun - endedBefore & Integer.MAX_VALUE;
  }

  /** Whether the claim is nobody's any more. */
  static boolean isFree(Claim claim) {
    Thread caller = claim == null ? null : claim.get();
    return caller == null || !caller.isAlive();
  }
}
