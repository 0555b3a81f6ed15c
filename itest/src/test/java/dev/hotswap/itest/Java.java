package dev.hotswap.itest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of a Java program to its end. What it prints goes to a file, so that it never waits. */
final class Java {
  private final List<String> command = new ArrayList<>();
  private final Path folder;

  /**
   * @param folder its current folder; what it prints lies beside that
   */
  Java(Path folder) {
    this.folder = folder;
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
  }

  Java with(String... arguments) {
    command.addAll(List.of(arguments));
    return this;
  }

  /**
   * @return what it printed, by lines
   * @throws IOException when it ended with an error, or not at all; with what it printed
   */
  List<String> run() throws IOException, InterruptedException {
    return run(Duration.ofSeconds(50));
  }

  /**
   * @param limit how long it may take
   * @return as {@link #run()}
   * @throws IOException as {@link #run()}
   */
  List<String> run(Duration limit) throws IOException, InterruptedException {
    Path output = folder.resolveSibling(folder.getFileName() + ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
      List<String> lines = Files.readAllLines(output);
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command) + " fails: " + String.join(System.lineSeparator(), lines));
      }
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The jars of Hotswap and of what it needs, as an embedder's build would collect them. */
  static List<Path> jarsOfHotswap() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(
            path ->
                path.getFileName()
                    .toString()
                    .matches(
                        "(hotswap-(api|core|osgi|watch|leaks|host)|org\\.osgi\\.service\\.cm|org\\.apache\\.felix\\.framework|asm"
                            + "|jackson-.*|slf4j-api)-[0-9].*\\.jar"))
        .toList();
  }
}
