package dev.hotswap.leaks;

import dev.hotswap.leaks.heap.OverBudgetException;
import dev.hotswap.leaks.words.AnswerLines;
import dev.hotswap.leaks.words.DumpReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Reads a dump in a process of its own, with a heap of its own, behind others in the queue for the
 * processor. It does not outlive the call.
 */
final class ReadingProcess {
  // for a JVM to start, beside the time for the reading
  private static final long START_SECONDS = 10;
  private static final Path NICE = Path.of("/usr/bin/nice");

  private final WalkSettings settings;
  private final Path folder;

  /**
   * @param folder private, with the dump in it
   */
  ReadingProcess(WalkSettings settings, Path folder) {
    this.settings = settings;
    this.folder = folder;
  }

  /**
   * @throws IOException where it cannot be started, or fails
   * @throws OverBudgetException where it takes more than it may, or whoever waits is interrupted
   */
  List<DumpReading.Answer> read(Path dump, long walk, int threads) throws IOException {
    Path jar = folder.resolve("reading.jar");
    Path out = folder.resolve("out");
    OwnClasses.pack(DumpReading.class, jar);
    ProcessBuilder builder = new ProcessBuilder(command(jar, dump, walk, threads));
    // what is meant for the host, such as agents, would come along
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"));
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      await(process);
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw failed(process.exitValue(), lines);
    }
    return AnswerLines.parse(lines);
  }

  private List<String> command(Path jar, Path dump, long walk, int threads) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(NICE)) {
      command.addAll(List.of(NICE.toString(), "-n", "5"));
    }
    command.add(java());
    command.addAll(
        List.of(
            "-Xmx" + (settings.memory() >> 20) + "m",
            // gives up where it would collect for ever; the serial one does not
            "-XX:+UseParallelGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-cp",
            jar.toString(),
            DumpReading.class.getName(),
            dump.toString(),
            String.valueOf(walk),
            String.valueOf(threads),
            String.valueOf(Math.max(1, settings.time().toSeconds()))));
    return command;
  }

  private static String java() throws IOException {
    for (String name : List.of("java", "java.exe")) {
      Path java = Path.of(System.getProperty("java.home"), "bin", name);
      if (Files.isExecutable(java)) {
        return java.toString();
      }
    }
    throw new IOException("there is no bin/java in " + System.getProperty("java.home"));
  }

  private void await(Process process) {
    try {
      long seconds = settings.time().toSeconds() + START_SECONDS;
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new OverBudgetException(
            "the process that reads the heap dump was ended: it took more than " + seconds + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverBudgetException("the heap walk was interrupted");
    }
  }

  private IOException failed(int status, List<String> lines) {
    // by -XX:+ExitOnOutOfMemoryError
    if (status == 3) {
      throw new OverBudgetException(
          "reading the heap dump needs more memory than the "
              + (settings.memory() >> 20)
              + " MB that it may take");
    }
    String last = lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
    return new IOException(
        "the process that reads the heap dump ended with status " + status + last);
  }
}
