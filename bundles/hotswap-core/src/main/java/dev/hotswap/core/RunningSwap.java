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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One swap from its turn to its retirement: the asker waits on it, the swapping thread fills it.
 */
final class RunningSwap implements Swap {
  private final long id;
  private final CompletableFuture<Void> answered = new CompletableFuture<>();
  private final CountDownLatch left = new CountDownLatch(1);
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BEFORE);
  private volatile Subject subject;
  private volatile long stagingSince;
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

  /** Foreign code runs from here on, and may take for ever. */
  void beginStaging(Subject about) {
    subject = about;
    stagingSince = System.nanoTime();
    phase.updateAndGet(now -> now == Phase.ABANDONED ? now : Phase.STAGING);
  }

  /** That code came back; answers whether anybody still wants to know. */
  boolean endStaging() {
    return phase.compareAndSet(Phase.STAGING, Phase.AFTER);
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
  }

  void refused(SwapRefusedException refusal) {
    answered.completeExceptionally(refusal);
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

  /** Waits until the swap is answered, or may be abandoned; an interrupt changes nothing. */
  boolean awaitAnswer(Duration limit) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long staging = phase.get() == Phase.STAGING ? System.nanoTime() - stagingSince : 0;
          answered.get(Math.max(1, limit.toNanos() - staging), TimeUnit.NANOSECONDS);
          return true;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true; // the refusal is thrown by answer()
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
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
