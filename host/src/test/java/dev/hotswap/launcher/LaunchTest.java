package dev.hotswap.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folders a host that is run has. */
class LaunchTest {
  @TempDir Path folder;
  private Path config;
  private Path data;

  @BeforeEach
  void makeFolders() throws IOException {
    config = Files.createDirectory(folder.resolve("config"));
    data = folder.resolve("data");
  }

  private Optional<Path> watch(String... arguments) {
    return Launch.watch(RunOptions.parse(arguments), config, data);
  }

  private void configure(String line) throws IOException {
    Files.writeString(config.resolve("host.properties"), line + "\n");
  }

  @Test
  void whereNobodySaysOtherwiseItIsInTheDataFolder() throws IOException {
    assertThat(watch()).hasValue(data.resolve("watch"));
    configure("watch=");
    assertThat(watch()).hasValue(data.resolve("watch"));
  }

  @Test
  void configurationNamesItOrNone() throws IOException {
    configure("watch=drops");
    assertThat(watch()).hasValue(config.resolve("drops"));
    configure("watch = none");
    assertThat(watch()).isEmpty();
    configure("watch=./none");
    assertThat(watch()).hasValue(config.resolve("./none"));
  }

  @Test
  void commandLineComesBeforeTheConfiguration() throws IOException {
    configure("watch=drops");
    assertThat(watch("--watch", folder.toString())).hasValue(folder);
    assertThat(watch("--watch=none")).isEmpty();
    configure("watch=none");
    assertThat(watch("--watch", folder.resolve("none").toString()))
        .hasValue(folder.resolve("none"));
  }

  /** As the working folder it would be emptied of what a host's folder may not have. */
  @Test
  void emptyVariableNamesNoDataFolder() throws IOException {
    RunOptions none = RunOptions.parse();
    assertThat(Launch.data(none, Optional.of(""), config)).isEmpty();
    assertThat(Launch.data(none, Optional.of("/var/one"), config)).hasValue(Path.of("/var/one"));
    configure("data=two");
    assertThat(Launch.data(none, Optional.of(""), config)).hasValue(config.resolve("two"));
    assertThat(Launch.data(RunOptions.parse("--data", "/three"), Optional.of("/var/one"), config))
        .hasValue(Path.of("/three"));
  }

  @Test
  void hostThatIsEmbeddedWatchesWhatItIsToldTo() throws IOException {
    configure("watch=none");
    try (Host host = Host.open(config)) {
      assertThat(host.bundleContext().getServiceReference("dev.hotswap.api.Quarantine")).isNull();
    }
    assertThat(config.resolve("none")).doesNotExist();
  }
}
