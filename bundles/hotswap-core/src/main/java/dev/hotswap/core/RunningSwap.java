package dev.hotswap.core;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapRefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * One swap from its turn to its retirement: the asker waits on it, the swapping thread fills it.
 */
final class RunningSwap implements Swap {
  private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final long id;
  private final long begun = System.nanoTime();
  private final CompletableFuture<Void> answered = new CompletableFuture<>();
  private final CountDownLatch left = new CountDownLatch(1);
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BEFORE);
  private final Thread asker = Thread.currentThread();
  private volatile Thread thread;
  private volatile Subject subject;
  private volatile long stagingSince;
  private volatile long stagedAt;
  private volatile Receipt receipt;

  /**
   * Who may still refuse the swap: while it is STAGING the asker may, and the swap is abandoned.
   */
  private enum Phase {
    BEFORE,
    STAGING,
    AFTER,
    ABANDONED
  }

  RunningSwap(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  void runsOn(Thread swapping) {
    thread = swapping;
  }

  Thread thread() {
    return thread;
  }

  /** When its turn came, as {@link System#nanoTime()}. */
  long begun() {
    return begun;
  }

  /** Foreign code runs from here on, and may take for ever. */
  void beginStaging(Subject about) {
    subject = about;
    stagingSince = System.nanoTime();
    phase.updateAndGet(now -> now == Phase.ABANDONED ? now : Phase.STAGING);
  }

  /** That code came back; answers whether anybody still wants to know. */
  boolean endStaging() {
    boolean wanted = phase.compareAndSet(Phase.STAGING, Phase.AFTER);
    stagedAt = System.nanoTime();
    LockSupport.unpark(asker);
    return wanted;
  }

  /** Gives up a swap that has been staging for longer than the limit; answers what it was about. */
  Optional<Subject> tryAbandon(Duration limit) {
    boolean overdue =
        phase.get() == Phase.STAGING && System.nanoTime() - stagingSince >= limit.toNanos();
    return overdue && phase.compareAndSet(Phase.STAGING, Phase.ABANDONED)
        ? Optional.of(subject)
        : Optional.empty();
  }

  boolean isAbandoned() {
    return phase.get() == Phase.ABANDONED;
  }

  void answered(Receipt current) {
    receipt = current;
    if (current.from().isEmpty() || current.outcome() == Receipt.Outcome.UNCHANGED) {
      left.countDown(); // nobody has to leave
    }
    answered.complete(null);
    LockSupport.unpark(asker);
  }

  void refused(SwapRefusedException refusal) {
    answered.completeExceptionally(refusal);
    LockSupport.unpark(asker);
  }

  /** Whoever had to leave is gone. */
  void retired(Retirement retirement) {
    Receipt now = receipt;
    if (now != null) { // a refused swap has none
      receipt =
          new Receipt(
              now.id(),
              now.plugin(),
              now.outcome(),
              now.from(),
              now.to(),
              now.answeredBy(),
              now.stage(),
              now.publish(),
              Optional.of(retirement));
      left.countDown();
    }
  }

  /**
   * Waits until the swap is answered, or may be abandoned; an interrupt changes nothing. To be
   * called by the asker. It is woken when the plugin has started, and spins for the rest: that is
   * shorter than it takes to wake a thread once more.
   */
  boolean awaitAnswer(Duration limit) {
    boolean interrupted = false;
    while (!answered.isDone()) {
      boolean staging = phase.get() == Phase.STAGING;
      long left = limit.toNanos() - (staging ? System.nanoTime() - stagingSince : 0);
      if (left <= 0) {
        break;
      }
      if (isAboutToAnswer()) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, left);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return answered.isDone();
  }

  private boolean isAboutToAnswer() {
    return phase.get() == Phase.AFTER && System.nanoTime() - stagedAt < SPIN_NANOS;
  }

  /**
   * The swap once it is answered.
   *
   * @throws SwapRefusedException when it was refused
   */
  RunningSwap answer() {
    try {
      answered.join();
      return this;
    } catch (CompletionException e) {
      if (e.getCause() instanceof SwapRefusedException refused) {
        throw refused;
      }
      throw e;
    }
  }

  @Override
  public Receipt receipt() {
    return receipt;
  }

  @Override
  public Receipt awaitReclaimed(Duration limit) throws InterruptedException, TimeoutException {
    if (!left.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException(
          receipt.from().map(Object::toString).orElse(receipt.plugin())
              + " was not reclaimed within "
              + limit.toMillis()
              + " ms; it goes on draining");
    }
    return receipt;
  }
}
