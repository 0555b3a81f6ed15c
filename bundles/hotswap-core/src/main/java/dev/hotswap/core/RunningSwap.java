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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** One swap that came to its answer, while the generations that it saw off leave. Thread-safe. */
final class RunningSwap implements Swap {
  private final CountDownLatch leaving;
  private final Map<Generation, String> early = new HashMap<>(); // reclaimed before it was noted
  private volatile Receipt receipt;

  /**
   * @param receipt so far
   * @param leaving how many generations have to leave
   */
  RunningSwap(Receipt receipt, int leaving) {
    this.receipt = receipt;
    this.leaving = new CountDownLatch(leaving);
  }

  /** One that had to leave is gone, or stands by. */
  void retired(Retirement retirement) {
    note(retirement);
    leaving.countDown();
  }

  private synchronized void note(Retirement retirement) {
    Generation gone = retirement.generation();
    String bundle = early.remove(gone);
    Retirement whole = bundle == null ? retirement : with(bundle, retirement);
    changeOf(gone, change -> change.retired(whole));
  }

  /** A generation's bundle is reclaimed; if it is one that had to leave, that is noted. */
  synchronized void reclaimed(Generation generation, String bundle) {
    for (Receipt.Change change : receipt.changes()) {
      if (isLeaving(change, generation)) {
        change
            .retirement()
            .ifPresentOrElse(
                retirement -> changeOf(generation, old -> old.retired(with(bundle, retirement))),
                () -> early.put(generation, bundle));
      }
    }
  }

  private static boolean isLeaving(Receipt.Change change, Generation generation) {
    return change.from().filter(generation::equals).isPresent()
        && !change.from().equals(change.to());
  }

  private void changeOf(Generation from, UnaryOperator<Receipt.Change> update) {
    List<Receipt.Change> changes = new ArrayList<>();
    for (Receipt.Change change : receipt.changes()) {
      changes.add(isLeaving(change, from) ? update.apply(change) : change);
    }
    receipt = receipt.with(changes);
  }

  private static Retirement with(String bundle, Retirement retirement) {
    return new Retirement(
        retirement.generation(),
        retirement.calls(),
        retirement.inFlight(),
        retirement.drain(),
        retirement.holders(),
        retirement.reclaim(),
        List.of(bundle),
        retirement.keptBy());
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
