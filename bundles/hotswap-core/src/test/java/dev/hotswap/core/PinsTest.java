package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import org.junit.jupiter.api.Test;

/** The shared lane and the retiring mark, step by step, as two threads may interleave them. */
class PinsTest {
  private final Pins pins = new Pins();
  private final OwnerLane lane = new OwnerLane(pins);
  private final int stripe = Pins.stripeOf(Thread.currentThread());

  @Test
  void nobodyEntersOnceRetired() {
    pins.retire();

    assertThat(pins.tryEnterShared(stripe)).isFalse();
  }

  @Test
  void nobodyEntersAnyStripeOnceRetired() {
    pins.retire();

    for (int threads = 0; threads < 1_000; threads++) {
      assertThat(pins.tryEnterShared(Pins.stripeOf(new Thread()))).isFalse();
    }
  }

  @Test
  void whoWasRefusedIsNotCounted() {
    pins.retire();

    pins.tryEnterShared(stripe);

    assertThat(pins.calls()).isEqualTo(Calls.NONE);
    assertThat(pins.isDrained()).isTrue();
  }

  @Test
  void whoIsRefusedWhileOthersAreInsideDoesNotEndTheDrain() {
    pins.tryEnterShared(stripe);
    pins.retire();

    pins.tryEnterShared(stripe);
    assertThat(pins.isDrained()).isFalse();

    pins.exitShared(stripe);
    assertThat(pins.isDrained()).isTrue();
  }

  @Test
  void manyMayBeInsideOneStripe() {
    pins.tryEnterShared(stripe);
    pins.tryEnterShared(stripe);
    pins.exitShared(stripe);
    pins.retire();
    assertThat(pins.isDrained()).isFalse();

    pins.exitShared(stripe);

    assertThat(pins.isDrained()).isTrue();
    assertThat(pins.calls()).isEqualTo(new Calls(2, 2, 0));
  }

  @Test
  void ownerWhoEntersAndFindsThatItMustBackOutIsNotCounted() {
    lane.claim();

    assertThat(lane.tryEnter()).isTrue();
    lane.exit();

    assertThat(pins.calls()).isEqualTo(Calls.NONE);
  }

  @Test
  void ownerWhoBacksOutLastEndsTheDrain() {
    lane.claim();
    assertThat(lane.tryEnter()).isTrue();
    pins.retire();
    assertThat(pins.isDrained()).isFalse();

    lane.exit();

    assertThat(pins.isDrained()).isTrue();
  }

  @Test
  void ownerInsideAndLeaseOnTheSameStripeAreBothWaitedFor() {
    lane.claim();
    assertThat(lane.tryEnter()).isTrue();
    pins.tryEnterShared(stripe);
    pins.retire();

    lane.exit();
    assertThat(pins.isDrained()).isFalse();
    pins.exitShared(stripe);
    assertThat(pins.isDrained()).isTrue();
  }

  @Test
  void closedFromTheStartLetsNobodyIn() {
    pins.retire();

    assertThat(new Pins(pins).tryEnterShared(stripe)).isFalse();
  }
}
