package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Swap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** One swap that came to its answer, while the generations that it saw off leave. Thread-safe. */
final class RunningSwap implements Swap {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition gone = lock.newCondition();
  private final Map<Generation, UnaryOperator<Retirement>> early = new HashMap<>(); // before it is
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

  /** One that had to leave is gone, or stands by. */
  void retired(Retirement retirement) {
    lock.lock();
    try {
      note(retirement);
      leaving--;
      gone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void note(Retirement retirement) {
    Generation left = retirement.generation();
    UnaryOperator<Retirement> more = early.remove(left);
    Retirement whole = more == null ? retirement : more.apply(retirement);
    changeOf(left, change -> change.retired(whole));
  }

  /** There is more to say about how a generation left; if it is one that had to, that is noted. */
  void add(Generation generation, UnaryOperator<Retirement> more) {
    lock.lock();
    try {
      for (Receipt.Change change : receipt.changes()) {
        if (isLeaving(change, generation)) {
          change
              .retirement()
              .ifPresentOrElse(
                  retirement -> changeOf(generation, old -> old.retired(more.apply(retirement))),
                  () -> early.merge(generation, more, RunningSwap::oneAfterTheOther));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static UnaryOperator<Retirement> oneAfterTheOther(
      UnaryOperator<Retirement> first, UnaryOperator<Retirement> second) {
    return retirement -> second.apply(first.apply(retirement));
  }

  /** Whether it saw the generation off, or is to. */
  boolean seesOff(Generation generation) {
    return receipt.changes().stream().anyMatch(change -> isLeaving(change, generation));
  }

  /** None of those is to leave any more, but what had taken their places. */
  void reversed(int nowLeaving) {
    lock.lock();
    try {
      receipt = receipt.reversed();
      leaving = nowLeaving;
      gone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether what it had published is what leaves. */
  boolean isUndone() {
    Receipt.Outcome outcome = receipt.outcome();
    return outcome == Receipt.Outcome.REVERSED || outcome == Receipt.Outcome.REFUSED;
  }

  private boolean isLeaving(Receipt.Change change, Generation generation) {
    return leaver(change).filter(generation::equals).isPresent()
        && !change.from().equals(change.to());
  }

  private Optional<Generation> leaver(Receipt.Change change) {
    return receipt.outcome() == Receipt.Outcome.REVERSED ? change.to() : change.from();
  }

  private void changeOf(Generation left, UnaryOperator<Receipt.Change> update) {
    List<Receipt.Change> changes = new ArrayList<>();
    for (Receipt.Change change : receipt.changes()) {
      changes.add(isLeaving(change, left) ? update.apply(change) : change);
    }
    receipt = receipt.with(changes);
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
        leaver(change).ifPresent(generation -> there.add(generation.toString()));
      }
    }
    return String.join(", ", there);
  }
}
