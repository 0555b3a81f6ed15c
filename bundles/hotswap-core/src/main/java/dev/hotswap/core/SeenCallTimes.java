package dev.hotswap.core;

import dev.hotswap.api.CallTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks at the seats of all owners once a millisecond. A seat that says INSIDE with the same count
 * as at the look before is the same call still; one that has changed tells how many calls came out.
 * So a call's time is known to within two looks, and short calls are counted without being seen.
 */
final class SeenCallTimes implements CallTimes {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Supplier<List<LiveGeneration>> generations;
  private final LongSupplier clock;
  private final Map<Binding<?>, SeatTimes> seats = new HashMap<>();
  private long looked;
  private long longestGap;
  private final Consumer<SeenCallTimes> whenClosed;
  private volatile boolean closed;

  /**
   * @param generations whose calls are looked at
   * @param clock nanoseconds
   * @param whenClosed is told when nobody wants to know any more
   */
  SeenCallTimes(
      Supplier<List<LiveGeneration>> generations,
      LongSupplier clock,
      Consumer<SeenCallTimes> whenClosed) {
    this.whenClosed = whenClosed;
    this.generations = generations;
    this.clock = clock;
    this.looked = clock.getAsLong();
  }

  /** Begins to look, on a thread of its own. */
  void begin() {
    Thread thread = new Thread(null, this::run, "hotswap-call-times", 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!closed) {
      look();
      LockSupport.parkNanos(PERIOD_NANOS);
    }
  }

  /** One look at all seats. */
  synchronized void look() {
    long now = clock.getAsLong();
    longestGap = Math.max(longestGap, now - looked);
    looked = now;
    for (LiveGeneration generation : generations.get()) {
      for (Binding<?> binding : generation.pinned()) {
        seats.computeIfAbsent(binding, SeatTimes::new).look(now);
      }
    }
  }

  @Override
  public synchronized List<Times> take() {
    Duration resolution = Duration.ofNanos(Math.max(PERIOD_NANOS, longestGap));
    Map<LiveGeneration, SeenCalls> byGeneration = new HashMap<>();
    for (Map.Entry<Binding<?>, SeatTimes> seen : seats.entrySet()) {
      byGeneration
          .computeIfAbsent(seen.getKey().live(), generation -> new SeenCalls())
          .add(seen.getValue().take(looked));
    }
    seats.keySet().removeIf(binding -> binding.live().hasEnded());
    longestGap = 0;
    List<Times> times = new ArrayList<>();
    byGeneration.forEach(
        (generation, calls) -> {
          if (calls.count() > 0) {
            times.add(calls.times(generation.generation(), resolution));
          }
        });
    return times;
  }

  @Override
  public void close() {
    closed = true;
    whenClosed.accept(this);
  }
}
