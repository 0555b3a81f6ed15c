package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows docs/tutorial.md from its first line to its last, in an empty folder, with the
 * distribution. What a block is for stands in a comment before it: {@code run} it to its end,
 * {@code start} it and leave it running, that {@code says} these lines, wait ({@code await}) for a
 * file and run it, or a {@code file} that is there by then, with this content.
 */
@Tag("felix") // the one that is in the distribution
@Timeout(300)
class TutorialIT {
  private static final Path ROOT = Path.of(System.getProperty("itest.root"));
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^<!-- (\\w+)(?:: (\\S+))? -->\\n```\\w*\\n(.*?)^```$");

  @TempDir Path folder;
  private Path current;
  private Path output;
  private Process program;
  private int heard;

  @AfterEach
  void end() throws InterruptedException {
    if (program != null) {
      program.destroy();
      program.waitFor();
    }
  }

  @Test
  void whatThePageSaysIsWhatHappens() throws Exception {
    current = Files.createDirectory(folder.resolve("empty"));
    output = folder.resolve("output");
    run(folder, "tar xzf '%s'".formatted(archive()));
    List<String> done = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(Files.readString(ROOT.resolve("docs/tutorial.md")));
    while (blocks.find()) {
      done.add(blocks.group(1));
      follow(blocks.group(1), blocks.group(2), blocks.group(3));
    }
    assertThat(done).contains("run", "start", "says", "await", "file");
  }

  private void follow(String verb, String file, String text) throws Exception {
    switch (verb) {
      case "run" -> run(current, text);
      case "start" -> program = shell(current, "exec " + text);
      case "says" -> awaitLine(text);
      case "await" -> {
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(current.resolve(file)));
        run(current, text);
      }
      case "file" -> assertThat(current.resolve(file)).hasContent(text);
      default -> throw new IllegalArgumentException("what is a block for that is marked " + verb);
    }
  }

  /** After what was said before. */
  private void awaitLine(String text) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              List<String> lines = Files.readAllLines(output);
              List<String> since = lines.subList(heard, lines.size());
              assertThat(since).as("%s", lines).contains(text.strip());
            });
    heard = lineCount();
  }

  private int lineCount() {
    try {
      return Files.readAllLines(output).size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void run(Path where, String script) throws Exception {
    Path own = Files.createTempFile(folder, "run", ".out");
    Process process = builder(where, script).redirectOutput(own.toFile()).start();
    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", script, Files.readString(own)).isZero();
  }

  private Process shell(Path where, String script) throws IOException {
    return builder(where, script).redirectOutput(output.toFile()).start();
  }

  /** Maven does without the network: what the template needs, this build has needed. */
  private ProcessBuilder builder(Path where, String script) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-ec", "mvn() { command mvn -B -o \"$@\"; }; " + script)
            .directory(where.toFile())
            .redirectErrorStream(true);
    String java = System.getProperty("java.home");
    builder.environment().put("JAVA_HOME", java);
    builder.environment().merge("PATH", java + "/bin", (old, bin) -> bin + ":" + old);
    builder
        .environment()
        .put(
            "HOTSWAP",
            folder.resolve(archive().getFileName().toString().replace(".tar.gz", "")).toString());
    return builder;
  }

  private static Path archive() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("host/target"))) {
      return files.filter(file -> file.toString().endsWith(".tar.gz")).findAny().orElseThrow();
    }
  }
}
