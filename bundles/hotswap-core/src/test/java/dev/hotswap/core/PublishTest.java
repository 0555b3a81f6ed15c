package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.JointLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A publish of one generation with three services, against joint leases over all three. */
class PublishTest {
  private static final int PUBLISHES = 2_000;

  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "trio");
  private final Handle<First> first = world.handle(First.class);
  private final Handle<Second> second = world.handle(Second.class);
  private final Handle<Third> third = world.handle(Third.class);
  private final AtomicLong taken = new AtomicLong();
  private final Crew crew = new Crew();
  private volatile boolean over;

  /** Tells which generation it belongs to. */
  interface Numbered {
    long number();
  }

  interface First extends Numbered {}

  interface Second extends Numbered {}

  interface Third extends Numbered {}

  @AfterEach
  void dismissCrew() {
    over = true;
    crew.close();
  }

  @Test
  void jointLeaseNeverMixesTwoPublishes() throws Exception {
    publish();
    crew.run("leaser-1", this::leaseUntilOver);
    crew.run("leaser-2", this::leaseUntilOver);

    for (int i = 0; i < PUBLISHES; i++) {
      publishBetweenLeases();
    }
    over = true;

    crew.join();
    assertThat(taken).hasValueGreaterThan(PUBLISHES);
  }

  @Test
  void jointLeaseIsCountedOnceHoweverOftenItLookedAgain() throws Exception {
    List<Binding<First>> bindings = new ArrayList<>();
    bindings.add(publish());
    crew.run("leaser-1", this::leaseUntilOver);
    crew.run("leaser-2", this::leaseUntilOver);

    for (int i = 0; i < PUBLISHES / 4; i++) {
      bindings.add(publishBetweenLeases());
    }
    over = true;

    crew.join();
    plugin.unload();
    assertThat(bindings).allMatch(FakePlugin::drains);
    Calls sum = bindings.stream().map(Binding::calls).reduce(Calls.NONE, Calls::plus);
    assertThat(sum).isEqualTo(new Calls(taken.get(), taken.get(), 0));
  }

  @Test
  void callsInOrderNeverGoBackToAnOlderPublish() throws Exception {
    publish();
    crew.run("caller", this::callInTurnUntilOver);

    for (int i = 0; i < PUBLISHES; i++) {
      publishBetweenLeases();
    }
    over = true;

    crew.join();
  }

  private void leaseUntilOver() {
    while (!over) {
      try (JointLease lease = world.lease(List.of(first, second, third))) {
        long number = lease.service(first).number();
        assertThat(lease.service(second).number()).isEqualTo(number);
        assertThat(lease.service(third).number()).isEqualTo(number);
        assertThat(lease.generation(third).number()).isEqualTo(number);
      }
      taken.incrementAndGet();
    }
  }

  /** One thread that has seen a publish through one handle sees it through the others. */
  private void callInTurnUntilOver() {
    long newest = 0;
    while (!over) {
      for (Handle<? extends Numbered> handle : List.of(first, second, third)) {
        long number = handle.with(Numbered::number);
        assertThat(number).isGreaterThanOrEqualTo(newest);
        newest = number;
      }
      taken.incrementAndGet();
    }
  }

  /** Lets leases be taken between every two publishes, so that the two keep meeting. */
  private Binding<First> publishBetweenLeases() {
    long before = taken.get();
    Binding<First> binding = publish();
    long deadline = System.nanoTime() + Crew.LIMIT.toNanos();
    while (taken.get() < before + 1 && System.nanoTime() < deadline) {
      Thread.yield();
    }
    assertThat(taken).hasValueGreaterThanOrEqualTo(before + 1);
    return binding;
  }

  private Binding<First> publish() {
    LiveGeneration next = plugin.stage();
    long number = next.generation().number();
    Binding<First> binding = plugin.offer(next, First.class, () -> number);
    plugin.offer(next, Second.class, () -> number);
    plugin.offer(next, Third.class, () -> number);
    plugin.publish(next);
    return binding;
  }
}
