package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallsTest {
  @Test
  void inFlightAreThoseStartedAndNotYetBack() {
    assertThat(new Calls(10, 5, 2).inFlight()).isEqualTo(3);
  }

  @Test
  void inFlightIsNeverNegative() {
    assertThat(new Calls(10, 10, 1).inFlight()).isZero();
  }

  @Test
  void plusAddsNumberByNumber() {
    assertThat(new Calls(10, 5, 2).plus(new Calls(100, 70, 20))).isEqualTo(new Calls(110, 75, 22));
  }

  @Test
  void noneChangesNoSum() {
    assertThat(Calls.NONE.plus(new Calls(10, 5, 2))).isEqualTo(new Calls(10, 5, 2));
  }
}
