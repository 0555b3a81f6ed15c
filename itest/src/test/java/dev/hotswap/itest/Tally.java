package dev.hotswap.itest;

import dev.hotswap.api.Calls;
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

/** The calls of each generation, counted by its callers and by the host. Thread-safe. */
final class Tally implements SwapListener {
  private final Map<String, LongAdder> returned = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> threw = new ConcurrentHashMap<>();
  private final Map<String, Calls> drained = new ConcurrentHashMap<>();
  private final List<String> unexpected = new CopyOnWriteArrayList<>();
  private final Set<String> uninstalled = ConcurrentHashMap.newKeySet();
  private final AtomicLong withdrawals = new AtomicLong();
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
      if (drained.put(last.generation().id(), last.calls()) != null) {
        unexpected.add("drained twice: " + last.generation());
      }
    } else if (event instanceof SwapEvent.Withdrawn) {
      withdrawals.incrementAndGet();
    } else if (event instanceof SwapEvent.DrainOverdue || isKeptForNothing(event)) {
      unexpected.add(event.toString());
    }
  }

  /** Only a library has dependents. */
  private static boolean isKeptForNothing(SwapEvent event) {
    return event instanceof SwapEvent.KeptByDependents kept
        && !kept.generation().plugin().equals(Storm.BASE);
  }

  /** What callers have counted, ever. */
  long calls() {
    return calls.sum();
  }

  /** How often somebody else took a generation away. */
  long withdrawals() {
    return withdrawals.get();
  }

  /** The host does not say what became of the calls of a generation that somebody uninstalls. */
  void isUninstalled(String generation) {
    uninstalled.add(generation);
  }

  /**
   * Compares both counts, generation by generation, and begins again. To be asked when nothing is
   * deployed and nobody calls.
   *
   * @return the differences
   */
  List<String> settle() {
    List<String> wrong = new ArrayList<>(unexpected);
    returned.keySet().removeAll(uninstalled);
    threw.keySet().removeAll(uninstalled);
    uninstalled.clear();
    drained.forEach(
        (generation, host) -> {
          long back = take(returned, generation);
          long thrown = take(threw, generation);
          Calls callers = new Calls(back + thrown, back, thrown);
          if (!callers.equals(host)) {
            wrong.add(generation + ": the callers count " + callers + ", the host " + host);
          }
        });
    returned.keySet().forEach(left -> wrong.add(left + " was called and has not drained"));
    threw.keySet().forEach(left -> wrong.add(left + " threw and has not drained"));
    drained.clear();
    return wrong;
  }

  private static long take(Map<String, LongAdder> counts, String generation) {
    LongAdder count = counts.remove(generation);
    return count == null ? 0 : count.sum();
  }
}
