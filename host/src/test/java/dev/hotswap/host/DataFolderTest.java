package dev.hotswap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.core.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder of one host, where it is not as it should be. */
class DataFolderTest {
  private static final int HALF_OF_THE_LONGEST_PATH = 2_048;

  @TempDir Path folder;

  /** A folder whose path is too long for the system: rights would not keep the root user out. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void folderInItThatCannotBeListedIsARefusalAndTheFolderIsFreeAgain() throws Exception {
    Path data = folder.resolve("data");
    Path away = folder.resolve("away");
    DataFolder.open(Optional.of(data), Disk.PASSING).close();
    Path within = deep(data.resolve("cache")).resolve("away");
    deep(away);
    Files.move(away, within);
    try {
      assertThatThrownBy(() -> DataFolder.open(Optional.of(data), Disk.PASSING))
          .isInstanceOf(HostStartException.class)
          .hasMessageContainingAll(data.toString(), "cannot be used", "nothing was started");
    } finally {
      Files.move(within, away);
    }

    DataFolder.open(Optional.of(data), Disk.PASSING).close();
    assertThat(data.resolve("cache")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache", "store"})
  void folderThatSomebodyElseUsesIsNotEmptied(String name) throws Exception {
    Path data = folder.resolve("project");
    Path theirs = Files.createDirectories(data.resolve(name)).resolve("theirs");
    Files.writeString(theirs, "precious");

    assertThatThrownBy(() -> DataFolder.open(Optional.of(data), Disk.PASSING))
        .isInstanceOf(HostStartException.class)
        .hasMessageContainingAll(data.resolve(name).toString(), "nothing deleted", "move it away");

    assertThat(theirs).hasContent("precious");
    assertThat(data.resolve("lock")).doesNotExist();
  }

  private static Path deep(Path from) throws Exception {
    Path path = from;
    while (path.toString().length() < HALF_OF_THE_LONGEST_PATH) {
      path = path.resolve("x".repeat(200));
    }
    return Files.createDirectories(path);
  }
}
