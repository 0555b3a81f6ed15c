package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host changes nothing that a JVM has only once, and without a data folder leaves no file. */
@Timeout(120)
class NoTraceIT {
  /** What Equinox takes, and there is no property against it; see the limitations. */
  private static final String OF_EQUINOX =
      "(open|closed): changed (urls|content) .*equinox.*|open: changed hooks .*Equinox.*";

  @TempDir Path folder;

  @Test
  void theJvmIsDuringAndAfterTheLifeOfAHostWhatItWasBefore() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    List<String> lines =
        new Java(Files.createDirectory(folder.resolve("current")))
            .with("--add-opens", "java.base/java.lang=ALL-UNNAMED")
            .with("--add-opens", "java.base/java.net=ALL-UNNAMED")
            .with("-Djava.io.tmpdir=" + temporary)
            .with("-Ditest.framework=" + System.getProperty("itest.framework", "felix"))
            .with("-cp", System.getProperty("java.class.path"), LeavesNoTrace.class.getName())
            .with(PluginJar.greeter("1.0.0").in(folder).toString())
            .with(PluginJar.greeter("2.0.0").in(folder).toString())
            .run();
    assertThat(lines).containsSubsequence("1.0.0", "2.0.0", "temporary 1", "temporary 0");
    assertThat(lines).filteredOn(line -> line.contains(": compared [properties, ")).hasSize(2);
    assertThat(lines)
        .filteredOn(line -> line.contains(": changed "))
        .allMatch(line -> Hosts.areOnEquinox() && line.matches(OF_EQUINOX));
    assertThat(temporary).isEmptyDirectory();
  }
}
