package dev.hotswap.examples.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that has ended.
 *
 * @param exitCode how
 * @param out the lines of its standard output
 * @param err the lines of its standard error
 */
record Child(int exitCode, List<String> out, List<String> err) {
  private static final Path APP = Path.of("target", "app").toAbsolutePath();
  private static final long LIMIT_SECONDS = 120;

  /** Runs the packaged demo in a JVM of its own. */
  static Child demo(Path folder, String input, String... args)
      throws IOException, InterruptedException {
    return run(folder, input, builder(args));
  }

  /** Of the packaged demo in a JVM of its own. */
  static ProcessBuilder builder(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    int feature = Runtime.version().feature();
    if (feature >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (feature >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-cp", APP.resolve("lib") + "/*", Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }

  /** Runs a process to its end, with {@code input} as its standard input. */
  static Child run(Path folder, String input, ProcessBuilder builder)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        builder
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it ended without reading its input
    }
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + Files.readString(out) + Files.readString(err));
    }
    return new Child(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
  }

  static Path plugin(String file) {
    return APP.resolve("plugins").resolve(file);
  }

  String lastLine() {
    return out.isEmpty() ? "" : out.get(out.size() - 1);
  }
}
