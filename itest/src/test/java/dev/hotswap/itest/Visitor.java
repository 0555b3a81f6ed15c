package dev.hotswap.itest;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Lease;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Counter;
import dev.hotswap.itest.contract.Greeter;
import dev.hotswap.itest.contract.Told;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * One thread's calls in the storm: each is compared with the model and counted. Not thread-safe.
 */
final class Visitor {
  private final Host host;
  private final Handle<Greeter> greeter;
  private final Handle<Clock> clock;
  private final Handle<Counter> counter;
  private final Handle<Told.Sole> sole;
  private final Handle<Told.Leaf> leaf;
  private final Handle<Told.Outer> outer;
  private final Handle<Told.Stayer> stayer;
  private final Greeter keptGreeter;
  private final Clock keptClock;
  private final Model model;
  private final Tally tally;
  private final Meanwhile meanwhile;
  private final Map<String, Long> newest = new HashMap<>();
  private long turns;
  private long counted;
  private long lost;

  Visitor(Host host, Model model, Tally tally, Meanwhile meanwhile) {
    this.host = host;
    this.greeter = host.handle(Greeter.class);
    this.clock = host.handle(Clock.class);
    this.counter = host.handle(Counter.class);
    this.sole = host.handle(Told.Sole.class);
    this.leaf = host.handle(Told.Leaf.class);
    this.outer = host.handle(Told.Outer.class);
    this.stayer = host.handle(Told.Stayer.class);
    this.keptGreeter = greeter.proxy();
    this.keptClock = clock.proxy();
    this.model = model;
    this.tally = tally;
    this.meanwhile = meanwhile;
    this.lost = model.losses().done();
  }

  /** Calls through the handle. */
  void greet() {
    long before = model.now();
    tally.returned(greeter.with(service -> saw(before, service.version())));
    meanwhile.tick();
  }

  /** As {@link #greet}, of the other contract. */
  void tell() {
    long before = model.now();
    tally.returned(clock.with(service -> saw(before, service.version())));
    meanwhile.tick();
  }

  /** Calls both proxies. */
  void proxies() {
    long before = model.now();
    tally.returned(saw(before, keptGreeter.version()));
    long between = model.now();
    tally.returned(saw(between, keptClock.version()));
    meanwhile.tick();
  }

  /** Calls one from inside a call on the other. */
  void nest() {
    long before = model.now();
    Stamp outer =
        greeter.with(
            service -> {
              Stamp seen = saw(before, service.version());
              tell();
              require(Stamp.of(service.version()).equals(seen), "the outer call changed", seen);
              return seen;
            });
    tally.returned(outer);
  }

  /** Stays inside while others call, and then needs a class that was never loaded. */
  void linger() throws InterruptedException {
    long before = model.now();
    CountDownLatch go = meanwhile.begin();
    Stamp seen =
        greeter.with(
            service -> {
              Stamp early = saw(before, service.version());
              String late = service.holdThenLoadLate(new CountDownLatch(1), go);
              require(late.equals(service.version() + " late"), "answered " + late, early);
              return early;
            });
    tally.returned(seen);
  }

  /** Is thrown an exception of the plugin's own class. */
  void fail() {
    long before = model.now();
    try {
      greeter.with(Greeter::fail);
    } catch (Exception e) {
      String said = e.getMessage();
      if (!said.startsWith("failed in ")) {
        throw new IllegalStateException(e.toString()); // as text: e is a plugin's
      }
      tally.threw(saw(before, said.substring("failed in ".length())));
    }
    meanwhile.tick();
  }

  /** Takes a lease that is closed on another thread. */
  void lease() {
    long before = model.now();
    Lease<Greeter> lease = greeter.lease();
    Stamp seen = saw(before, lease.service().version());
    require(lease.generation().id().equals(seen.generation()), "leased " + lease, seen);
    meanwhile.later(
        () -> {
          require(Stamp.of(lease.service().version()).equals(seen), "the lease changed", seen);
          lease.close();
          tally.returned(seen);
        });
  }

  /** Takes a lease of both, which is closed on another thread. */
  void leaseBoth() {
    long before = model.now();
    JointLease both = host.lease(clock, greeter);
    Stamp[] seen = saw(before, both.service(greeter).version(), both.service(clock).version());
    meanwhile.later(
        () -> {
          Stamp again = Stamp.of(both.service(greeter).version());
          require(again.equals(seen[0]), "the joint lease changed", seen);
          both.close();
          tally.returned(seen[0]);
          tally.returned(seen[1]);
        });
  }

  /** Takes both at a time, and gives them back at once: often, and in either order. */
  void pair() {
    long before = model.now();
    boolean clockFirst = (before & 1) == 0;
    try (JointLease both = clockFirst ? host.lease(clock, greeter) : host.lease(greeter, clock)) {
      Stamp[] seen = saw(before, both.service(greeter).version(), both.service(clock).version());
      tally.returned(seen[0]);
      tally.returned(seen[1]);
    }
    meanwhile.tick();
  }

  /** Calls a plugin that calls a plugin that calls a plugin; each call is one by itself. */
  void askOuter() {
    long before = model.now();
    for (String stamp : outer.with(Told::tell).split(" ")) {
      tally.returned(saw(before, stamp));
    }
    meanwhile.tick();
  }

  /** Counts one more: whoever answers has the state of all before it. For one visitor a round. */
  void count() {
    long before = model.now();
    long done = model.losses().done();
    Stamp seen;
    try (Lease<Counter> lease = counter.lease()) {
      Generation generation = lease.generation();
      seen = new Stamp(generation.plugin(), generation.number(), lease.service().version());
      counts(lease.service().count(), done, seen);
      check(before, seen);
    }
    tally.returned(seen);
  }

  /** Where somebody has stopped it, it begins with one again. */
  private void counts(long count, long done, Stamp seen) {
    if (count == 1 && counted > 0 && model.losses().begun() > lost) {
      lost = Math.max(lost + 1, done);
    } else {
      require(count == counted + 1, "counted " + count + " after " + counted, seen);
    }
    counted = count;
  }

  /** Calls the plugin that may be there only once. */
  void askSole() {
    long before = model.now();
    tally.returned(sole.with(service -> saw(before, service.tell())));
    meanwhile.tick();
  }

  /** Calls the plugin that is wired to a library: both are of one publish. */
  void askLeaf() {
    long before = model.now();
    tally.returned(leaf.with(service -> saw(before, service.tell().split(" "))[0]));
    meanwhile.tick();
  }

  /** Calls the plugin that stays on the library that it is wired to. */
  void askStayer() {
    long before = model.now();
    tally.returned(stayer.with(service -> saw(before, service.tell().split(" "))[0]));
    meanwhile.tick();
  }

  private Stamp saw(long before, String text) {
    return saw(before, new String[] {text})[0];
  }

  private Stamp[] saw(long before, String... texts) {
    return check(before, Arrays.stream(texts).map(Stamp::of).toArray(Stamp[]::new));
  }

  private Stamp[] check(long before, Stamp... seen) {
    long after = model.now();
    require(
        model.allows(before, after, seen),
        "not of one publish between " + before + " and " + after + " of " + model.now(),
        seen);
    forgetWhatTurnedBack();
    for (Stamp stamp : seen) {
      Long last = newest.put(stamp.plugin(), stamp.number());
      require(last == null || last <= stamp.number(), "went back from #" + last, seen);
    }
    return seen;
  }

  /** What has been seen while old generations were published again may be newer than they are. */
  private void forgetWhatTurnedBack() {
    long now = model.turns();
    if (now != turns || now % 2 == 1) {
      newest.clear();
    }
    turns = now;
  }

  private void require(boolean holds, String violation, Stamp... seen) {
    if (!holds) {
      throw new IllegalStateException(
          violation + ": " + Arrays.toString(seen) + "; the model has " + model.answering());
    }
  }
}
