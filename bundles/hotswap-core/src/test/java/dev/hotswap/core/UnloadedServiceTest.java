package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The seed's race: a caller looks up the current version, the version is unloaded, and only then
 * the caller pins it. Services here notice calls after they were unloaded, and linger so that they
 * also notice being unloaded during a call.
 */
class UnloadedServiceTest {
  private static final int SWAPS = 2_000;
  private static final int CALLERS = 2;

  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "mortal");
  private final Handle<Living> handle = world.handle(Living.class);
  private final LongAdder callsWhenUnloaded = new LongAdder();
  private final Crew crew = new Crew();
  private volatile boolean over;

  /** The contract. */
  interface Living {
    boolean live();
  }

  /** Knows whether it has been unloaded, and that nobody may call it then. */
  private final class Mortal implements Living {
    private volatile boolean unloaded;
    private volatile boolean called;

    @Override
    public boolean live() {
      called = true;
      for (int i = 0; i < 20 && !unloaded; i++) {
        Thread.onSpinWait();
      }
      if (unloaded) {
        callsWhenUnloaded.increment();
      }
      return unloaded;
    }

    boolean wasCalled() {
      return called;
    }
  }

  @AfterEach
  void dismissCrew() {
    over = true;
    crew.close();
  }

  @Test
  void noCallRunsOnAServiceThatHasDrained() throws Exception {
    swapWhile(this::callUntilOver);

    assertThat(callsWhenUnloaded.sum()).isZero();
  }

  @Test
  void noUseRunsOnAServiceThatHasDrained() throws Exception {
    swapWhile(this::useUntilOver);

    assertThat(callsWhenUnloaded.sum()).isZero();
  }

  @Test
  void noCallOfAProxyRunsOnAServiceThatHasDrained() throws Exception {
    swapWhile(this::callTheProxyUntilOver);

    assertThat(callsWhenUnloaded.sum()).isZero();
  }

  @Test
  void noLeaseIsOpenOnAServiceThatHasDrained() throws Exception {
    swapWhile(this::leaseUntilOver);

    assertThat(callsWhenUnloaded.sum()).isZero();
  }

  private void callUntilOver() {
    while (!over) {
      handle.with(Living::live);
    }
  }

  private void useUntilOver() {
    while (!over) {
      handle.use(Living::live);
    }
  }

  private void callTheProxyUntilOver() {
    Living proxy = handle.proxy();
    while (!over) {
      proxy.live();
    }
  }

  private void leaseUntilOver() {
    while (!over) {
      try (Lease<Living> lease = handle.lease()) {
        lease.service().live();
      }
    }
  }

  private void swapWhile(Crew.Work calling) throws Exception {
    Mortal old = new Mortal();
    Binding<Living> binding = plugin.publish(Living.class, old);
    for (int i = 0; i < CALLERS; i++) {
      crew.run("caller-" + i, calling);
    }
    for (int i = 0; i < SWAPS; i++) {
      Mortal next = new Mortal();
      Binding<Living> nextBinding = plugin.publish(Living.class, next);
      assertThat(FakePlugin.drains(binding)).isTrue();
      old.unloaded = true;
      awaitCallOf(next);
      old = next;
      binding = nextBinding;
    }
    over = true;
    crew.join();
  }

  private void awaitCallOf(Mortal service) {
    long deadline = System.nanoTime() + Crew.LIMIT.toNanos();
    while (!service.wasCalled() && System.nanoTime() < deadline) {
      Thread.yield();
    }
    assertThat(service.wasCalled()).isTrue();
  }
}
