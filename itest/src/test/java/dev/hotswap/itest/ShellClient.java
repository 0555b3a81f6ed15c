package dev.hotswap.itest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the {@code hotswap} script starts: a host, and the small process that asks one. */
final class ShellClient {
  /** What the script runs; the build of the host puts it there. */
  static final Path APP = Path.of(System.getProperty("itest.root"), "host", "target", "app");

  private ShellClient() {}

  /** What a command came to. */
  record Ended(int status, String output, String errors) {}

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    return command;
  }

  /** A host without a shell on its terminal. */
  static List<String> host(Path config, Path data, String... words) {
    List<String> command = java();
    command.add("-Dhotswap.home=" + APP);
    command.addAll(List.of("-cp", APP.resolve("lib") + "/*", "dev.hotswap.launcher.Main"));
    command.addAll(List.of("--no-shell", "--config", config.toString()));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of(words));
    return command;
  }

  /**
   * @param terminal whether input and output are to be taken for one
   */
  static List<String> client(Path data, boolean terminal, String... words) {
    List<String> command = java();
    if (terminal) {
      command.add("-Dhotswap.terminal=true");
    }
    String bundles = APP.resolve("bundles") + "/";
    command.add("-Dhotswap.data=" + data);
    command.addAll(List.of("-cp", bundles + "hotswap-gogo.jar:" + bundles + "jline.jar"));
    command.add("dev.hotswap.gogo.Client");
    command.addAll(List.of(words));
    return command;
  }

  /** A process in that folder, whose environment names no host. */
  static ProcessBuilder process(Path folder, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("HOTSWAP_DATA");
    builder.environment().put("TERM", "xterm");
    return builder;
  }

  /** Runs it to its end, with that input. */
  static Ended run(Path folder, String input, List<String> command) throws Exception {
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    Process process = process(folder, command).redirectError(errors.toFile()).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it has ended without reading
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output, Files.readString(errors));
  }
}
