package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.host.Host;
import dev.hotswap.host.HostStartException;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@Tag("felix") // a configuration folder is opened on Felix
class ConfigIT {
  private static final Path SHIPPED = Path.of(System.getProperty("itest.root"), "config");

  @TempDir Path folder;

  @Test
  void folderSaysWhatIsSharedDeployedAndKeptWhere() throws IOException {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    PluginJar.named("library", "1.0.0").in(lib);
    PluginJar.named("another", "1.0.0").in(lib);
    PluginJar.greeter("1.0.0").in(folder);
    Path config = Files.createDirectory(folder.resolve("config"));
    Files.writeString(config.resolve("host.properties"), "availability=10 ms\ndata=../data");
    Files.writeString(
        config.resolve("bundles.properties"),
        "share=" + Greeter.class.getName() + "\nbase=../lib/*.jar\nplugins=../greeter-1.0.0.jar");
    Files.writeString(config.resolve("framework.properties"), "felix.itest=yes");
    try (Host host = Host.open(config)) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
      assertThat(host.bundleContext().getBundles())
          .extracting(bundle -> bundle.getSymbolicName())
          .containsSubsequence("another", "library", "greeter");
      assertThat(host.bundleContext().getProperty("felix.itest")).isEqualTo("yes");
      assertThat(folder.resolve("data").resolve("store")).isNotEmptyDirectory();
      host.unload("greeter");
      assertThatThrownBy(() -> greeter.with(Greeter::version))
          .isInstanceOf(NoGenerationException.class);
    }
  }

  @Test
  void unknownKeyStopsTheStartBeforeAnythingIsTouched() throws IOException {
    Files.writeString(folder.resolve("host.properties"), "data=data\navailable=5s");
    assertThatThrownBy(() -> Host.open(folder))
        .isInstanceOf(HostStartException.class)
        .hasMessageContainingAll("no setting available", "did you mean availability?");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void folderThatShipsOpensAsItIs() {
    try (Host host = Host.open(SHIPPED)) {
      assertThat(host.snapshot().plugins()).isEmpty();
    }
  }

  @Test
  void everyDefaultThatShipsIsOneThatCanBeTakenIn() throws IOException {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        Files.writeString(
            folder.resolve(file.getFileName()), text.replaceAll("(?m)^# ([a-z.]+=.*)$", "$1"));
      }
    }
    assertThat(folder.resolve("host.properties")).content().contains("\navailability=5s\n");
    try (Host host = Host.open(folder)) {
      assertThat(host.snapshot().plugins()).isEmpty();
    }
  }
}
