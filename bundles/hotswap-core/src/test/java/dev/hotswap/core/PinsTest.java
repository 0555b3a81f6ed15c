package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
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
  void ownerInsideMayGoOverToTheSharedLaneOnceRetired() {
    lane.claim();
    long seat = enterAsOwner();
    pins.retire();

    pins.enterSharedAgain(stripe);
    lane.backOut(seat);

    assertThat(pins.isDrained()).isFalse();
    pins.exitShared(stripe);
    assertThat(pins.isDrained()).isTrue();
    assertThat(pins.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void ownerWhoEntersAndFindsThatItMustBackOutIsNotCounted() {
    lane.claim();

    lane.backOut(enterAsOwner());

    assertThat(pins.calls()).isEqualTo(Calls.NONE);
  }

  @Test
  void ownersCountGoesOnWhereItsBitsEnd() {
    int calls = (1 << 24) + 3;
    int byTheSharedLane = 0;
    for (int i = 0; i < calls; i++) {
      long seat = lane.tryEnter();
      if (Pins.isSeat(seat)) {
        lane.exit(seat);
      } else {
        pins.tryEnterShared(stripe);
        lane.claim();
        pins.exitShared(stripe);
        byTheSharedLane++;
      }
    }

    assertThat(pins.calls()).isEqualTo(new Calls(calls, calls, 0));
    assertThat(byTheSharedLane).isEqualTo(3); // to claim, and at each 2^23 calls
  }

  @Test
  void sharedCountGoesOnWhereItsBitsEnd() {
    came(pins, (1L << 30) - 2);

    for (int i = 0; i < 5; i++) {
      pins.tryEnterShared(stripe);
      pins.exitShared(stripe);
    }
    pins.retire();

    long calls = (1L << 30) + 3;
    assertThat(pins.calls()).isEqualTo(new Calls(calls, calls, 0));
    assertThat(pins.cells()[stripe + Pins.X] & ~Long.MIN_VALUE).isLessThan(4L << 32);
  }

  /** Once drained it is exact, also where the last call found the count full. */
  @Test
  void sharedCountIsWholeAsSoonAsItIsDrained() throws Exception {
    long calls = (1L << 30) - 1;
    try (Crew crew = new Crew()) {
      for (int round = 0; round < 2_000; round++) {
        Pins filled = new Pins();
        came(filled, calls);
        filled.tryEnterShared(stripe);
        CyclicBarrier both = new CyclicBarrier(2);
        Crew.Member<Void> last =
            crew.run(
                "last",
                () -> {
                  both.await();
                  filled.exitShared(stripe);
                });
        both.await();
        filled.retire();
        Crew.awaitTrue("drain", filled::isDrained);
        assertThat(filled.calls().started()).as("round %d", round).isEqualTo(calls + 1);
        last.join();
      }
    }
  }

  /** As if so many had been inside by the shared lane. */
  private void came(Pins some, long calls) {
    some.cells()[stripe + Pins.X] = calls << 32;
  }

  @Test
  void ownerInsideKeepsItsSeatWhenItClaimsAgain() {
    lane.claim();
    long seat = enterAsOwner();

    lane.claim();

    pins.retire();
    assertThat(pins.isDrained()).isFalse();
    lane.exit(seat);
    assertThat(pins.isDrained()).isTrue();
  }

  @Test
  void ownerWhoBacksOutLastEndsTheDrain() {
    lane.claim();
    long seat = enterAsOwner();
    pins.retire();
    assertThat(pins.isDrained()).isFalse();

    lane.backOut(seat);

    assertThat(pins.isDrained()).isTrue();
  }

  @Test
  void ownerInsideAndLeaseOnTheSameStripeAreBothWaitedFor() {
    lane.claim();
    long seat = enterAsOwner();
    pins.tryEnterShared(stripe);
    pins.retire();

    lane.exit(seat);
    assertThat(pins.isDrained()).isFalse();
    pins.exitShared(stripe);
    assertThat(pins.isDrained()).isTrue();
  }

  @Test
  void ownerInsideIsToldOf() {
    Pins.Claim claim = lane.claim();
    assertThat(inside()).containsExactly(Thread.currentThread());

    claim.settle();
    assertThat(inside()).isEmpty();

    long seat = enterAsOwner();
    assertThat(inside()).containsExactly(Thread.currentThread());
    lane.exit(seat);
    assertThat(inside()).isEmpty();
  }

  @Test
  void ownerWhoLeavesWhileItIsLookedAtIsNotToldOf() {
    lane.claim().settle();
    long seat = enterAsOwner();

    assertThat(pins.<Object>ownersInside(true, owner -> leave(seat))).isEmpty();
  }

  @Test
  void ownerWhoseFirstCallEndsWhileItIsLookedAtIsNotToldOf() {
    Pins.Claim claim = lane.claim();

    assertThat(pins.<Object>ownersInside(true, owner -> leave(claim))).isEmpty();
  }

  @Test
  void ownerWhoTakesItsSeatAgainMeanwhileIsNotToldOf() {
    lane.claim().settle();
    long seat = enterAsOwner();

    assertThat(
            pins.<Object>ownersInside(
                true,
                owner -> {
                  leave(seat);
                  return enterAsOwner();
                }))
        .isEmpty();
  }

  @Test
  void shutDoorLetsInOnlyWhoIsLetInAndDrainsWhenItIsRetired() {
    pins.shut();
    assertThat(pins.tryEnterShared(stripe)).isFalse();
    assertThat(pins.isEmpty()).isTrue();

    pins.enterSharedAgain(stripe);
    assertThat(pins.isEmpty()).isFalse();
    pins.exitShared(stripe);

    assertThat(pins.isEmpty()).isTrue();
    assertThat(pins.isDrained()).as("somebody may be let in").isFalse();
    pins.retire();
    assertThat(pins.isDrained()).isTrue();
    assertThat(pins.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void ownerWhoIsInsideIsFoundThroughAShutDoor() {
    lane.claim();
    long seat = enterAsOwner();
    pins.shut();
    assertThat(pins.isEmpty()).isFalse();
    assertThat(pins.isEnteredByCaller()).isTrue();
    lane.exit(seat);
    assertThat(pins.isEmpty()).isTrue();
  }

  /** The system call that worked at the start may fail later, as any may. */
  @Test
  void barrierThatFailsEndsNoDrainAndIsTriedAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    Pins unlucky =
        new Pins() {
          @Override
          void barrier() {
            if (tries.incrementAndGet() < 4) {
              throw new IllegalStateException("membarrier answered -1");
            }
          }
        };

    unlucky.retire();

    assertThat(unlucky.tryEnterShared(stripe)).isFalse();
    assertThat(unlucky.isDrained()).as("nobody can know").isFalse();
    assertThat(unlucky.awaitDrained(0)).isFalse();
    assertThat(unlucky.awaitDrained(Crew.LIMIT.toNanos())).isTrue();
    assertThat(tries).hasValue(4);
  }

  @Test
  void closedFromTheStartLetsNobodyIn() {
    pins.retire();

    assertThat(new Pins(pins).tryEnterShared(stripe)).isFalse();
  }

  private List<Thread> inside() {
    return pins.ownersInside(true, owner -> owner);
  }

  private Object leave(long seat) {
    lane.exit(seat);
    return "seen";
  }

  private static Object leave(Pins.Claim claim) {
    claim.settle();
    return "seen";
  }

  private long enterAsOwner() {
    long seat = lane.tryEnter();
    assertThat(Pins.isSeat(seat)).isTrue();
    return seat;
  }
}
