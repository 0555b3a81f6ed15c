package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HolderTest {
  private static final Generation OLD = new Generation("greeter", 7, "2.0.0", "0".repeat(64));

  @Test
  void callSaysWhoIsInsideAndForHowLong() {
    Holder holder =
        new Holder(
            OLD,
            Holder.Kind.CALL,
            "worker-1",
            31,
            false,
            Optional.of(Duration.ofSeconds(42)),
            List.of("acme.Work.run(Work.java:7)"));

    assertThat(holder)
        .hasToString(
            "call on greeter generation 7 (2.0.0) by thread \"worker-1\" (id 31),"
                + " for at least 42000 ms");
  }

  @Test
  void leaseSaysWhoTookIt() {
    Holder holder = new Holder(OLD, Holder.Kind.LEASE, "", 32, true, Optional.empty(), List.of());

    assertThat(holder.label())
        .isEqualTo("lease on greeter generation 7 (2.0.0) taken by virtual thread \"\" (id 32)");
  }

  @Test
  void stackDoesNotChangeWithTheListItWasMadeFrom() {
    List<String> frames = new ArrayList<>();
    Holder holder = new Holder(OLD, Holder.Kind.CALL, "a", 1, false, Optional.empty(), frames);

    frames.add("acme.Work.run(Work.java:7)");

    assertThat(holder.stack()).isEmpty();
  }
}
