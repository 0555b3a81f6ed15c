package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The calls of each generation, counted by its callers, by the host's events and by the receipts.
 * Thread-safe.
 */
final class Tally implements SwapListener {
  private final Map<String, LongAdder> returned = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> threw = new ConcurrentHashMap<>();

  /** The host's last word about a generation. */
  private final Map<String, Calls> ended = new ConcurrentHashMap<>();

  private final List<String> unexpected = new CopyOnWriteArrayList<>();
  private final List<SwapEvent.DrainOverdue> overdue = new CopyOnWriteArrayList<>();
  private final Set<String> uninstalled = ConcurrentHashMap.newKeySet();
  private final Set<String> forced = ConcurrentHashMap.newKeySet();
  private final AtomicLong withdrawals = new AtomicLong();
  private final AtomicLong disturbances = new AtomicLong();
  private final AtomicLong reversals = new AtomicLong();
  private final LongAdder calls = new LongAdder();

  void returned(Stamp stamp) {
    count(returned, stamp.generation());
    calls.increment();
  }

  void threw(Stamp stamp) {
    count(threw, stamp.generation());
    calls.increment();
  }

  private static void count(Map<String, LongAdder> counts, String generation) {
    counts.computeIfAbsent(generation, unknown -> new LongAdder()).increment();
  }

  @Override
  public void on(SwapEvent event) {
    if (event instanceof SwapEvent.Answered probe) {
      count(returned, probe.generation().id()); // a probe is one lease, here of one contract
    } else if (event instanceof SwapEvent.Drained last) {
      ends(last.generation(), last.calls());
    } else if (event instanceof SwapEvent.Forced last) {
      ends(last.generation(), last.calls());
      forced.add(last.generation().id());
    } else if (event instanceof SwapEvent.Withdrawn withdrawn) {
      withdrawals.incrementAndGet();
      if (uninstalled.remove(withdrawn.generation().id())) {
        ends(withdrawn.generation(), withdrawn.calls());
      }
    } else if (event instanceof SwapEvent.Reversed) {
      reversals.incrementAndGet();
    } else if (event instanceof SwapEvent.DrainOverdue late) {
      overdue.add(late);
    } else if (isKeptForNothing(event)) {
      unexpected.add(event.toString());
    }
  }

  private void ends(Generation generation, Calls last) {
    if (ended.put(generation.id(), last) != null) {
      unexpected.add("ended twice: " + generation);
    }
  }

  /** Only a library has dependents. */
  private static boolean isKeptForNothing(SwapEvent event) {
    return event instanceof SwapEvent.KeptByDependents kept
        && !kept.generation().plugin().equals(Region.BASE);
  }

  /** What callers have counted, ever. */
  long calls() {
    return calls.sum();
  }

  /** Somebody is about to take a generation away, so many times. */
  void expectWithdrawals(int more) {
    disturbances.addAndGet(more);
  }

  /** Each time that somebody did was told, and no other. To be asked while nobody does. */
  void requireWithdrawals() {
    assertThat(withdrawals).as("bundles that somebody stopped").hasValue(disturbances.get());
  }

  /** How many old generations were published again, ever. */
  long reversals() {
    return reversals.get();
  }

  /** Whether the generation was reclaimed although somebody was inside. */
  boolean isForced(String generation) {
    return forced.contains(generation);
  }

  /** Somebody is about to uninstall a generation: what is told of that is the host's last word. */
  void isUninstalled(String generation) {
    uninstalled.add(generation);
  }

  /**
   * Compares all counts, generation by generation, and begins again. To be asked when nothing is
   * deployed and nobody calls.
   *
   * @param receipts of all that has been done since
   * @return the differences
   */
  List<String> settle(List<Receipt> receipts) {
    List<String> wrong = new ArrayList<>(unexpected);
    overdue.stream().filter(late -> !isMeant(late, receipts)).forEach(late -> wrong.add("" + late));
    receipts.forEach(receipt -> compare(receipt, wrong));
    ended.forEach((generation, host) -> compare(generation, host, wrong));
    returned.keySet().forEach(left -> wrong.add(left + " was called and has not drained"));
    threw.keySet().forEach(left -> wrong.add(left + " threw and has not drained"));
    ended.clear();
    forced.clear();
    overdue.clear();
    return wrong;
  }

  /** Only a swap that is to be reversed has a deadline that is soon. */
  private static boolean isMeant(SwapEvent.DrainOverdue late, List<Receipt> receipts) {
    return receipts.stream()
        .filter(receipt -> receipt.outcome() == Receipt.Outcome.REVERSED)
        .anyMatch(receipt -> receipt.id() == late.swap());
  }

  private void compare(Receipt receipt, List<String> wrong) {
    for (Receipt.Change change : receipt.changes()) {
      if (change.retirement().isPresent()) {
        Retirement retirement = change.retirement().get();
        Calls told = ended.get(retirement.generation().id());
        if (!retirement.calls().equals(told)) {
          wrong.add(
              retirement.generation()
                  + ": receipt "
                  + receipt.id()
                  + " counts "
                  + retirement.calls()
                  + ", the event "
                  + told);
        }
      } else if (change.from().isPresent()) {
        wrong.add("receipt " + receipt.id() + " does not say how " + change.from() + " left");
      }
    }
  }

  /** A lease that was cut off by force is still in flight: it is the only one. */
  private void compare(String generation, Calls host, List<String> wrong) {
    long back = take(returned, generation);
    long thrown = take(threw, generation);
    long cutOff = forced.contains(generation) ? 1 : 0;
    Calls callers = new Calls(back + thrown + cutOff, back, thrown);
    if (!callers.equals(host)) {
      wrong.add(generation + ": the callers count " + callers + ", the host " + host);
    }
  }

  private static long take(Map<String, LongAdder> counts, String generation) {
    LongAdder count = counts.remove(generation);
    return count == null ? 0 : count.sum();
  }
}
