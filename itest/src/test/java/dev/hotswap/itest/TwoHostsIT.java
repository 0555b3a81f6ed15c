package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Swap;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts in one JVM, with plugins of the same name, have nothing in common. */
@Timeout(60)
class TwoHostsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SWAPS = 20;

  @TempDir Path folder;
  private Host red;
  private Host blue;
  private Handle<Greeter> redGreeter;
  private Handle<Greeter> blueGreeter;

  @BeforeEach
  void open() {
    red = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).open();
    blue = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).open();
    redGreeter = red.handle(Greeter.class);
    blueGreeter = blue.handle(Greeter.class);
  }

  @AfterEach
  void close() {
    red.close();
    blue.close();
  }

  @Test
  void eachHostAnswersWithItsOwnPlugin() {
    red.swap(PluginJar.greeter("1.0.0").in(folder));
    blue.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(redGreeter).isNotSameAs(blueGreeter);
    assertThat(redGreeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(blueGreeter.with(Greeter::version)).isEqualTo("2.0.0");
    Class<?> redCode = redGreeter.with(Object::getClass);
    Class<?> blueCode = blueGreeter.with(Object::getClass);
    assertThat(redCode).hasToString(blueCode.toString()).isNotSameAs(blueCode);
  }

  @Test
  void bothSwapAtOnceUnderLoadAndNoCallStrays() throws Exception {
    red.swap(PluginJar.greeter("1.0.0").in(folder));
    blue.swap(PluginJar.greeter("2.0.0").in(folder));
    try (Callers callers = new Callers()) {
      callers
          .start("red", () -> requireMajor("1.", redGreeter))
          .start("blue", () -> requireMajor("2.", blueGreeter));
      CompletableFuture<List<Swap>> reds = swaps(red, build -> "1.0." + build);
      CompletableFuture<List<Swap>> blues = swaps(blue, build -> "2.0." + build);
      for (CompletableFuture<List<Swap>> swaps : List.of(reds, blues)) {
        for (Swap swap : swaps.get(40, TimeUnit.SECONDS)) {
          assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
        }
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
    assertThat(redGreeter.with(Greeter::version)).isEqualTo("1.0." + SWAPS);
    assertThat(blueGreeter.with(Greeter::version)).isEqualTo("2.0." + SWAPS);
  }

  @Test
  void closingOneLeavesTheOtherAtWork() throws Exception {
    red.swap(PluginJar.greeter("1.0.0").in(folder));
    blue.swap(PluginJar.greeter("1.0.0").in(folder));
    red.close();
    assertThat(blueGreeter.with(Greeter::version)).isEqualTo("1.0.0");
    Swap swap = blue.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(swap.awaitReclaimed(LIMIT).retirement()).isPresent();
    assertThat(blueGreeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  @Test
  void oneLeaseDoesNotSpanTwoHosts() {
    assertThatThrownBy(() -> red.lease(redGreeter, blueGreeter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("belongs to another host");
  }

  private CompletableFuture<List<Swap>> swaps(Host host, UnaryOperator<String> version) {
    return CompletableFuture.supplyAsync(
        () -> {
          List<Swap> swaps = new ArrayList<>();
          for (int build = 1; build <= SWAPS; build++) {
            String next = version.apply(String.valueOf(build));
            swaps.add(host.swap(PluginJar.greeter(next).in(folder)));
          }
          return swaps;
        });
  }

  private static void requireMajor(String major, Handle<Greeter> greeter) {
    String version = greeter.with(Greeter::version);
    if (!version.startsWith(major)) {
      throw new IllegalStateException("a call strayed to " + version);
    }
  }
}
