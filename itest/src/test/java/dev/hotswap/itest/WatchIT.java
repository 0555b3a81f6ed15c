package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Swapper;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watch folder of a real host. */
@Timeout(120)
class WatchIT {
  @TempDir Path folder;
  private Path watched;
  private Path beside;

  @BeforeEach
  void makeFolders() throws IOException {
    watched = folder.resolve("watch");
    beside = Files.createDirectory(folder.resolve("beside"));
  }

  private Host open() {
    return Hosts.builder().share(Greeter.class).watch(watched).open();
  }

  @Test
  void dropSwapsOverwriteSwapsAndDeleteUnloads() throws IOException {
    try (Host host = open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      drop(PluginJar.greeter("1.0.0"), "greeter.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0"));
      drop(PluginJar.greeter("2.0.0"), "greeter.jar"); // renamed over the other
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0"));
      PluginJar.greeter("3.0.0").as(watched.resolve("greeter.jar")); // written in place
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0"));
      Files.delete(watched.resolve("greeter.jar"));
      eventually(() -> assertThat(current(host, "greeter")).isEmpty());
      assertThat(host.receipts().get(0).request().asked())
          .isEqualTo(new Asked("watch", "greeter.jar deleted from " + watched));
      assertThat(host.receipts().get(3).request().asked())
          .isEqualTo(new Asked("watch", "greeter.jar dropped in " + watched));
    }
  }

  private void drop(PluginJar jar, String name) throws IOException {
    Path written = jar.as(beside.resolve(name));
    Files.move(written, watched.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Optional<String> current(Swapper host, String plugin) {
    return host.snapshot()
        .plugin(plugin)
        .flatMap(it -> it.current())
        .map(generation -> generation.version());
  }

  private static void eventually(ThrowingRunnable is) {
    await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(is);
  }
}
