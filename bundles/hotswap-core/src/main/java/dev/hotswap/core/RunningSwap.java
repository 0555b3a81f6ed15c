package dev.hotswap.core;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Swap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One swap that was answered, while its old generations leave. Thread-safe. */
final class RunningSwap implements Swap {
  private final CountDownLatch leaving;
  private volatile Receipt receipt;

  /**
   * @param receipt so far
   * @param leaving how many generations have to leave
   */
  RunningSwap(Receipt receipt, int leaving) {
    this.receipt = receipt;
    this.leaving = new CountDownLatch(leaving);
  }

  /** One that had to leave is gone. Called by one thread only. */
  void retired(Retirement retirement) {
    Receipt now = receipt;
    List<Receipt.Change> changes = new ArrayList<>();
    for (Receipt.Change change : now.changes()) {
      boolean its = change.from().filter(retirement.generation()::equals).isPresent();
      changes.add(
          its
              ? new Receipt.Change(
                  change.plugin(),
                  change.from(),
                  change.to(),
                  change.answeredBy(),
                  Optional.of(retirement))
              : change);
    }
    receipt = new Receipt(now.id(), now.outcome(), changes, now.stage(), now.publish());
    leaving.countDown();
  }

  @Override
  public Receipt receipt() {
    return receipt;
  }

  @Override
  public Receipt awaitReclaimed(Duration limit) throws InterruptedException, TimeoutException {
    if (!leaving.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException(
          stillThere()
              + " was not reclaimed within "
              + limit.toMillis()
              + " ms; it goes on draining");
    }
    return receipt;
  }

  private String stillThere() {
    List<String> there = new ArrayList<>();
    for (Receipt.Change change : receipt.changes()) {
      if (change.retirement().isEmpty()) {
        change.from().ifPresent(from -> there.add(from.toString()));
      }
    }
    return String.join(", ", there);
  }
}
