package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final Generation old = generation(1);
  private final Generation next = generation(2);

  @Test
  void currentIsTheGenerationThatNewCallsReach() {
    Snapshot.Plugin plugin =
        new Snapshot.Plugin(
            "greeter", List.of(live(old, Stage.DRAINING), live(next, Stage.CURRENT)));

    assertThat(plugin.current()).contains(next);
  }

  @Test
  void nothingIsCurrentWhileAllDrain() {
    Snapshot.Plugin plugin = new Snapshot.Plugin("greeter", List.of(live(old, Stage.DRAINING)));

    assertThat(plugin.current()).isEmpty();
  }

  @Test
  void pluginIsFoundByItsName() {
    Snapshot.Plugin greeter = new Snapshot.Plugin("greeter", List.of());
    Snapshot.Plugin clock = new Snapshot.Plugin("clock", List.of());
    Snapshot snapshot = new Snapshot(Instant.EPOCH, List.of(clock, greeter), List.of());

    assertThat(snapshot.plugin("greeter")).contains(greeter);
    assertThat(snapshot.plugin("absent")).isEmpty();
  }

  @Test
  void snapshotDoesNotChangeWithTheListItWasMadeFrom() {
    List<Snapshot.Plugin> plugins = new ArrayList<>();
    Snapshot snapshot = new Snapshot(Instant.EPOCH, plugins, List.of());

    plugins.add(new Snapshot.Plugin("greeter", List.of()));

    assertThat(snapshot.plugins()).isEmpty();
  }

  @Test
  void callsInFlightThatNoHolderIsNamedForAreCountedWhileItDrains() {
    Holder holder =
        new Holder(old, Holder.Kind.CALL, "worker", 7, false, Optional.empty(), List.of());
    Calls threeInFlight = new Calls(5, 1, 1);

    assertThat(
            new Snapshot.Live(old, Stage.DRAINING, threeInFlight, List.of(holder), Optional.empty())
                .unnamed())
        .isEqualTo(2);
    assertThat(
            new Snapshot.Live(old, Stage.FORCED, threeInFlight, List.of(), Optional.empty())
                .unnamed())
        .isEqualTo(3);
    assertThat(
            new Snapshot.Live(old, Stage.CURRENT, threeInFlight, List.of(), Optional.empty())
                .unnamed())
        .isZero();
  }

  private static Generation generation(long number) {
    return new Generation("greeter", number, number + ".0.0", "0".repeat(64));
  }

  private static Snapshot.Live live(Generation generation, Stage stage) {
    return new Snapshot.Live(generation, stage, Calls.NONE, List.of(), Optional.empty());
  }
}
