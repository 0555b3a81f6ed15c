package dev.hotswap.itest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A main class of the test class path in a JVM of its own; ended, if need be, at close. */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private ChildJvm(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /** As above, with options of the JVM's. */
  static ChildJvm start(List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-XX:TieredStopAtLevel=1"); // none of them lives long
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("-Ditest.framework=" + System.getProperty("itest.framework", "felix"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  long pid() {
    return process.pid();
  }

  /** Reads on until the line; answers what came before it. */
  List<String> readTo(String last) throws IOException {
    List<String> before = new ArrayList<>();
    for (String line = out.readLine(); !last.equals(line); line = out.readLine()) {
      if (line == null) {
        throw new IOException("the child ended without '" + last + "': " + before);
      }
      before.add(line);
    }
    return before;
  }

  /** The next line; null at the end of all. */
  String read() throws IOException {
    return out.readLine();
  }

  /** Ends it as {@code kill -9} does; what it has said before can still be read. */
  void kill() {
    process.toHandle().destroyForcibly(); // the process itself would close its stream as well
  }

  /** Its exit code, when it has ended. */
  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /** Ends the child's standard input, which it takes as the sign to end itself. */
  int finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IOException("the child does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
