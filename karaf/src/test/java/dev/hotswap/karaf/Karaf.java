package dev.hotswap.karaf;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Karaf that was unpacked for the test, with settings, data and log in a folder of the test's:
 * without a shell and without a port that others may have.
 */
final class Karaf implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("karaf.home"));

  private final Path folder;
  private Process process;

  Karaf(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectory(folder.resolve("data"));
    Files.createDirectory(folder.resolve("etc"));
    try (Stream<Path> files = Files.list(HOME.resolve("etc"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve("etc").resolve(file.getFileName()));
      }
    }
  }

  /** In place of those that it installs at its first start. */
  Karaf features(List<String> repositories, List<String> features) throws IOException {
    Files.writeString(
        folder.resolve("etc/org.apache.karaf.features.cfg"),
        "featuresRepositories=mvn:org.apache.karaf.features/framework/4.4.8/xml/features,"
            + "mvn:org.apache.karaf.features/standard/4.4.8/xml/features,"
            + String.join(",", repositories)
            + "\nfeaturesBoot=framework/4.4.8,"
            + String.join(",", features)
            + "\n");
    return this;
  }

  Karaf property(String key, Object value) throws IOException {
    Files.writeString(
        folder.resolve("etc/custom.properties"), key + "=" + value + "\n", CREATE, APPEND);
    return this;
  }

  /** Without a console, or with one that reads what is {@link #type typed}. */
  Karaf start(String mode) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(HOME.resolve("bin/karaf").toString(), mode)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("karaf.out").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("KARAF_DATA", folder.resolve("data").toString());
    builder.environment().put("KARAF_ETC", folder.resolve("etc").toString());
    // in place of its own options, of which JDK 24 and newer refuse one
    builder.environment().put("JAVA_OPTS", "-Xmx512m");
    builder.environment().put("KARAF_EXEC", "exec");
    process = builder.start();
    return this;
  }

  void type(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** By SIGTERM, as an operator does. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Karaf does not stop: " + log());
    }
  }

  /** By SIGKILL. */
  void kill() throws InterruptedException {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
  }

  /** What it has to say, for the words of a failure. */
  String log() {
    List<Path> files = List.of(folder.resolve("karaf.out"), folder.resolve("data/log/karaf.log"));
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      try {
        texts.add(Files.readString(file));
      } catch (IOException e) {
        texts.add(e.toString());
      }
    }
    return texts.stream().collect(Collectors.joining(System.lineSeparator()));
  }

  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      kill();
    }
  }
}
