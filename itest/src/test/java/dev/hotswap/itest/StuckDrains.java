package dev.hotswap.itest;

import static org.awaitility.Awaitility.await;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Handle;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Old generations that do not drain by themselves, and what is done about them. */
final class StuckDrains {
  private static final Duration SOON = Duration.ofMillis(20);

  private final Front front;

  StuckDrains(Front front) {
    this.front = front;
  }

  /** At the deadline the policy publishes the old ones again. */
  void reverse() throws Exception {
    Handle<Greeter> greeter = front.host().handle(Greeter.class);
    Handle<Clock> clock = front.host().handle(Clock.class);
    JointLease both = front.host().lease(greeter, clock);
    long before = front.tally().reversals();
    front.swapAndReverse(
        SwapOptions.NONE.withDrainDeadline(SOON).withOnDeadline(DeadlinePolicy.REVERSE),
        () -> await().atMost(Front.LIMIT).until(() -> front.tally().reversals() == before + 2),
        Region.GREETER,
        Region.CLOCK);
    Stamp first = Stamp.of(both.service(greeter).version());
    Stamp second = Stamp.of(both.service(clock).version());
    both.close();
    front.tally().returned(first);
    front.tally().returned(second);
  }

  /** By an operator's word, when only that one call is left inside. */
  void interrupt() throws Exception {
    Handle<Greeter> greeter = front.host().handle(Greeter.class);
    CountDownLatch inside = new CountDownLatch(1);
    FutureTask<Stamp> stuck = new FutureTask<>(() -> interrupted(greeter, inside));
    new Thread(stuck, "stuck").start();
    inside.await();
    front.swap(Region.GREETER);
    awaitOnlyOneInside(Region.GREETER);
    front.host().decideDrain(Region.GREETER, DeadlinePolicy.INTERRUPT);
    front.tally().threw(stuck.get(Front.LIMIT.toSeconds(), TimeUnit.SECONDS));
  }

  private static Stamp interrupted(Handle<Greeter> greeter, CountDownLatch inside) {
    Stamp[] seen = new Stamp[1];
    try {
      greeter.use(
          service -> {
            seen[0] = Stamp.of(service.version());
            service.holdThenLoadLate(inside, new CountDownLatch(1));
          });
      throw new IllegalStateException("nobody has interrupted it");
    } catch (InterruptedException e) {
      return seen[0];
    }
  }

  /** Likewise; what is cut off is only a lease that nobody uses. */
  void force() throws Exception {
    Lease<Clock> lease = front.host().handle(Clock.class).lease();
    front.swap(Region.CLOCK);
    awaitOnlyOneInside(Region.CLOCK);
    front.host().decideDrain(Region.CLOCK, DeadlinePolicy.FORCE);
    String forced = lease.generation().id();
    await().atMost(Front.LIMIT).until(() -> front.tally().isForced(forced));
    lease.close();
  }

  private void awaitOnlyOneInside(String plugin) {
    await().atMost(Front.LIMIT).until(() -> inside(plugin) == 1);
  }

  /** Of all generations of the plugin that drain. */
  private long inside(String plugin) {
    return front.host().snapshot().plugin(plugin).orElseThrow().generations().stream()
        .filter(live -> live.stage() == Stage.DRAINING)
        .mapToLong(StuckDrains::inFlight)
        .sum();
  }

  private static long inFlight(Snapshot.Live live) {
    return live.calls().inFlight();
  }
}
