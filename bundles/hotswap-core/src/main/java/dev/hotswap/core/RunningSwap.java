package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Swap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One swap that was answered, while its old generations leave. Thread-safe. */
final class RunningSwap implements Swap {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition gone = lock.newCondition();
  private int leaving;
  private volatile Receipt receipt;

  /**
   * @param receipt so far
   * @param leaving how many generations have to leave
   */
  RunningSwap(Receipt receipt, int leaving) {
    this.receipt = receipt;
    this.leaving = leaving;
  }

  /** One that had to leave is gone. */
  void retired(Retirement retirement) {
    lock.lock();
    try {
      Receipt now = receipt;
      List<Receipt.Change> changes = new ArrayList<>();
      for (Receipt.Change change : now.changes()) {
        boolean its = leaver(now, change).filter(retirement.generation()::equals).isPresent();
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
      leaving--;
      gone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** None of those is to leave any more, but what had taken their places. */
  void reversed(int nowLeaving) {
    lock.lock();
    try {
      Receipt now = receipt;
      receipt =
          new Receipt(
              now.id(), Receipt.Outcome.REVERSED, now.changes(), now.stage(), now.publish());
      leaving = nowLeaving;
    } finally {
      lock.unlock();
    }
  }

  boolean isReversed() {
    return receipt.outcome() == Receipt.Outcome.REVERSED;
  }

  private static Optional<Generation> leaver(Receipt receipt, Receipt.Change change) {
    return receipt.outcome() == Receipt.Outcome.REVERSED ? change.to() : change.from();
  }

  @Override
  public Receipt receipt() {
    return receipt;
  }

  @Override
  public Receipt awaitReclaimed(Duration limit) throws InterruptedException, TimeoutException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (leaving > 0) {
        if (left <= 0) {
          throw new TimeoutException(
              stillThere()
                  + " was not reclaimed within "
                  + limit.toMillis()
                  + " ms; it goes on draining");
        }
        left = gone.awaitNanos(left);
      }
      return receipt;
    } finally {
      lock.unlock();
    }
  }

  private String stillThere() {
    List<String> there = new ArrayList<>();
    for (Receipt.Change change : receipt.changes()) {
      if (change.retirement().isEmpty()) {
        leaver(receipt, change).ifPresent(generation -> there.add(generation.toString()));
      }
    }
    return String.join(", ", there);
  }
}
