package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HandleTest {
  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "greeter");

  @Test
  void handleOfAContractIsTheSameEachTime() {
    Handle<Greeter> handle = world.handle(Greeter.class);
    plugin.publish(Greeter.class, Greeter.saying("hello"));

    assertThat(world.handle(Greeter.class)).isSameAs(handle);
  }

  @Test
  void twoContractsHaveTwoHandles() {
    assertThat(world.handle(Greeter.class)).isNotSameAs(world.handle(Runnable.class));
  }

  @Test
  void twoWorldsShareNothing() {
    Handle<Greeter> handle = world.handle(Greeter.class);
    plugin.publish(Greeter.class, Greeter.saying("hello"));
    World other = new World(Duration.ZERO);
    new FakePlugin(other, "greeter").publish(Greeter.class, Greeter.saying("elsewhere"));

    assertThat(greet(handle)).isEqualTo("hello Ada");
    assertThat(greet(other.handle(Greeter.class))).isEqualTo("elsewhere Ada");
  }

  @Test
  void handleTakenAfterThePublishReachesWhatIsCurrent() {
    plugin.publish(Greeter.class, Greeter.saying("hello"));

    assertThat(greet(world.handle(Greeter.class))).isEqualTo("hello Ada");
  }

  @Test
  void handleTakenBeforeThePublishReachesWhatIsCurrent() {
    Handle<Greeter> handle = world.handle(Greeter.class);

    plugin.publish(Greeter.class, Greeter.saying("hello"));

    assertThat(greet(handle)).isEqualTo("hello Ada");
  }

  @Test
  void handleNamesItsContract() {
    Handle<Greeter> handle = world.handle(Greeter.class);

    assertThat(handle.contract()).isEqualTo(Greeter.class);
    assertThat(handle).hasToString("handle of " + Greeter.class.getName());
  }

  /** Where all that it takes is there it has to be used, or every test would be of the other. */
  @Test
  void laneIsAsymmetricWhereTheJvmAndItsOptionsAllowItAndFencedElsewhere() {
    boolean allowed =
        Runtime.version().feature() >= 22
            && System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64")
            && ManagementFactory.getRuntimeMXBean()
                .getInputArguments()
                .contains("--enable-native-access=ALL-UNNAMED");
    assertThat(World.lane()).isEqualTo(allowed ? "asymmetric" : "fenced");
  }

  private static String greet(Handle<Greeter> handle) {
    return handle.with(greeter -> greeter.greet("Ada"));
  }
}
