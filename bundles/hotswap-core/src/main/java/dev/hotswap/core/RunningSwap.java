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

/**
 * One swap from its turn to its retirement: the asker waits on it, the swapping thread fills it.
 */
final class RunningSwap implements Swap {
  private final long id;
  private final CompletableFuture<Void> answered = new CompletableFuture<>();
  private final CountDownLatch left = new CountDownLatch(1);
  private volatile Receipt receipt;

  RunningSwap(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  void answered(Receipt current) {
    receipt = current;
    answered.complete(null);
  }

  void refused(SwapRefusedException refusal) {
    answered.completeExceptionally(refusal);
  }

  /** The old generation is gone, or there was none. */
  void retired(Optional<Retirement> retirement) {
    Receipt now = receipt;
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
            retirement);
    left.countDown();
  }

  /** Waits until the swap is answered; an interrupt of the asker does not stop the swap. */
  RunningSwap awaitAnswered() {
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
