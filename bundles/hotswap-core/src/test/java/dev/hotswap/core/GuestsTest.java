package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has a place as a guest, and for how long. */
class GuestsTest {
  private static final int PLACES = 16;

  private final Guests guests = new Guests(PLACES);
  private final CountDownLatch leave = new CountDownLatch(1);
  private final Crew crew = new Crew();

  @AfterEach
  void dismiss() {
    leave.countDown();
    crew.close();
  }

  @Test
  void threadKeepsItsPlaceForAllItsCalls() {
    Claim claim = guests.tryBegin(Thread.currentThread());
    assertThat(guests.inside()).containsExactly(claim);
    Claim nested = guests.tryBegin(Thread.currentThread());
    assertThat(nested).isSameAs(claim);

    nested.settle();
    assertThat(guests.inside()).as("the outer call goes on").containsExactly(claim);
    claim.settle();
    assertThat(guests.inside()).isEmpty();
    assertThat(guests.of(Thread.currentThread())).isSameAs(claim);
  }

  @Test
  void threadsOfOneStripeHavePlacesOfTheirOwn() throws Exception {
    Claim first = guests.tryBegin(Thread.currentThread());
    Claim second =
        crew.callOnTheStripeOf(
                Thread.currentThread(), "second", () -> guests.tryBegin(Thread.currentThread()))
            .join();

    assertThat(guests.inside()).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void placesOfThreadsThatHaveEndedPassOn() throws Exception {
    for (int i = 0; i < 5 * PLACES; i++) {
      Crew.Member<Claim> guest = crew.call("guest", () -> guests.tryBegin(Thread.currentThread()));
      assertThat(guest.join()).isNotNull();
      guest.thread().join(Crew.LIMIT.toMillis());
    }
  }

  @Test
  void whoFindsAllItsPlacesTakenIsNotKnown() throws Exception {
    List<Claim> claims = new ArrayList<>();
    while (!claims.contains(null)) { // each of them lives on
      claims.add(claimAndStay());
      assertThat(claims).hasSizeLessThanOrEqualTo(PLACES + 1);
    }

    assertThat(guests.inside()).hasSize(claims.size() - 1);
  }

  private Claim claimAndStay() throws Exception {
    List<Claim> claims = new ArrayList<>();
    CountDownLatch claimed = new CountDownLatch(1);
    crew.run(
        "guest",
        () -> {
          claims.add(guests.tryBegin(Thread.currentThread()));
          claimed.countDown();
          Crew.await(leave);
        });
    Crew.await(claimed);
    return claims.get(0);
  }
}
