package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.itest.contract.Greeter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive that is published: unpacked where nothing may be written, run from elsewhere, and by
 * a user who owns nothing there.
 */
@Tag("felix") // the one that is in it
@Timeout(180)
class DistributionIT {
  private static final Path HOST = Path.of(System.getProperty("itest.root"), "host", "target");
  private static final int ENDED_BY_SIGTERM = 128 + 15;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path installed;
  private Path data;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void unpack() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
    installed = folder.resolve(archive().getFileName().toString().replace(".tar.gz", ""));
    run("tar", "xzf", archive().toString(), "-C", folder.toString());
    run("chmod", "-R", "a-w", installed.toString());
  }

  @AfterEach
  void clear() throws Exception {
    started.forEach(Process::destroyForcibly);
    run("chmod", "-R", "u+w", installed.toString()); // or it could not be deleted
  }

  private static Path archive() throws IOException {
    try (Stream<Path> files = Files.list(HOST)) {
      return files.filter(file -> file.toString().endsWith(".tar.gz")).findAny().orElseThrow();
    }
  }

  @Test
  void runsAsAnyUserFromAnywhereAndWritesNothingWhereItLies() throws Exception {
    Path config = configure("", contract());
    Map<String, Long> before = files();

    Process host = start("run", "--no-shell", "--config", config.toString());
    awaitLine(host, "ready: ");
    assertThat(ask("swap", PluginJar.greeter("1.0.0").in(folder).toString())).contains("1.0.0");
    assertThat(ask("swap", PluginJar.greeter("2.0.0").in(folder).toString())).contains("2.0.0");
    assertThat(ask("list")).contains("greeter").contains("2.0.0");
    Path watched = data.resolve("watch"); // where nobody names another
    drop(watched, "acme.greeter.cfg", "label=one");
    awaitSettings("label=\"one\"");
    end(host);

    assertThat(host.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(files()).isEqualTo(before);
    PluginJar.greeter("3.0.0").as(watched.resolve("greeter.jar"));
    Process again = start("run", "--no-shell", "--config", config.toString());
    awaitLine(again, "ready: ");
    assertThat(ask("history", "greeter")).as("remembered, and watched").contains("2.0.0", "3.0.0");
    awaitSettings("label=\"one\"");
    end(again);
    Process third = start("run", "--no-shell", "--config", config.toString(), "--watch", "none");
    awaitLine(third, "ready: data=" + data + " watch=none ");
    assertThat(ask("list")).contains("watch: greeter.jar dropped in " + watched);
    assertThat(ask("show", "greeter")).contains("can go back to").contains("(2.0.0)");
    assertThat(ask("rollback", "greeter", "1", "--why", "slow")).contains("rolled back");
    assertThat(ask("list")).containsPattern("1\\.0\\.0 +current .*: slow\n");
    assertThat(ask("refused", "--json")).contains("hotswap-refused/1");
  }

  private static void end(Process host) throws InterruptedException {
    host.destroy();
    assertThat(host.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
  }

  /** As somebody who may write there, and finished. */
  private static void drop(Path watched, String name, String text) throws IOException {
    Path written = Files.writeString(watched.resolve("." + name), text);
    Files.setLastModifiedTime(written, FileTime.fromMillis(0));
    Files.move(written, watched.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** What Configuration Admin keeps, in files whose names are its own affair. */
  private void awaitSettings(String text) {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> {
              try (Stream<Path> files = Files.walk(data.resolve("settings"))) {
                return files
                    .filter(Files::isRegularFile)
                    .anyMatch(file -> read(file).contains(text));
              }
            });
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path contract() {
    return PluginJar.named("contract", "1.0.0")
        .without("Import-Package")
        .header("Export-Package", "dev.hotswap.itest.contract;version=\"1.2.0\"")
        .type(Greeter.class.getName())
        .in(folder);
  }

  private Path configure(String host, Path... base) throws IOException {
    Path config = Files.createDirectory(folder.resolve("config"));
    String names = Stream.of(base).map(Path::toString).collect(Collectors.joining(","));
    Files.writeString(
        config.resolve("bundles.properties"),
        "base=" + names + "\ncontracts=" + Greeter.class.getName() + "\n");
    Files.writeString(config.resolve("host.properties"), host);
    return config;
  }

  /** A host in which a bundle calls a plugin, and is inside. */
  private Process startWithALongCall(String settings) throws Exception {
    Path marks = Files.createDirectory(folder.resolve("marks"));
    Files.setPosixFilePermissions(marks, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path caller =
        PluginJar.named("caller", "1.0.0")
            .activator("LongCallActivator")
            .classes("LongCallActivator$1")
            .header(
                "Import-Package",
                "org.osgi.framework,org.osgi.util.tracker,dev.hotswap.itest.contract")
            .header("Test-Folder", marks.toString())
            .in(folder);
    Path config = configure(settings, contract(), caller);
    Process host =
        builder(command("run", "--no-shell", "--config", config.toString()))
            .redirectOutput(log().toFile())
            .start();
    started.add(host);
    await().atMost(LIMIT).until(() -> logged("ready: "));
    ask("swap", PluginJar.greeter("1.0.0").in(folder).toString());
    await().atMost(LIMIT).until(() -> Files.exists(marks.resolve("inside")));
    return host;
  }

  private Path log() {
    return folder.resolve("log");
  }

  private boolean logged(String text) throws IOException {
    return Files.readString(log()).contains(text);
  }

  @Test
  void sigtermLetsCallsInFlightEnd() throws Exception {
    Process host = startWithALongCall("drain.deadline=60s\nstandby=0s\n");
    assertThat(ask("swap", PluginJar.greeter("2.0.0").in(folder).toString())).contains("2.0.0");
    host.destroy();
    await().atMost(LIMIT).until(() -> logged("event=closing"));
    assertThat(host.isAlive()).as("it waits").isTrue();
    Files.createFile(folder.resolve("marks/go"));

    assertThat(host.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    assertThat(host.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(folder.resolve("marks/answered")).hasContent("1.0.0 late");
  }

  @Test
  void sigtermDuringTheStartClosesWhatHasComeUp() throws Exception {
    Path marks = Files.createDirectory(folder.resolve("marks"));
    Files.setPosixFilePermissions(marks, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path watched = Files.createDirectory(data.resolve("watch"));
    Files.setPosixFilePermissions(watched, PosixFilePermissions.fromString("rwxrwxrwx"));
    PluginJar.named("greeter", "1.0.0")
        .activator("SlowStartActivator")
        .classes("GreeterActivator", "OpenGreeter", "LateLoaded", "PluginException")
        .header("Test-Folder", marks.toString())
        .as(watched.resolve("greeter.jar"));
    Files.setLastModifiedTime(watched.resolve("greeter.jar"), FileTime.fromMillis(0));
    Path config = configure("start.limit=60s\n", contract());
    Process host =
        builder(command("run", "--no-shell", "--config", config.toString()))
            .redirectOutput(log().toFile())
            .start();
    started.add(host);
    await().atMost(LIMIT).until(() -> Files.exists(marks.resolve("starting")));
    host.destroy();
    Files.createFile(marks.resolve("go"));

    assertThat(host.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    assertThat(host.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(log()).content().contains("event=published", "event=closed");
    assertThat(data.resolve("journal")).content().doesNotContain("starting");
  }

  @Test
  void sigtermEndsTheHostAtItsDeadlineWhereACallDoesNotEnd() throws Exception {
    Process host = startWithALongCall("drain.deadline=1s\nstop.limit=2s\nstart.limit=1s\n");
    host.destroy();

    assertThat(host.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    assertThat(host.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(folder.resolve("marks/answered")).doesNotExist();
  }

  @Test
  void saysItsVersionAndWhatThereIs() throws Exception {
    String version = installed.getFileName().toString().replace("hotswap-", "");
    assertThat(run(command("--version"))).startsWith("hotswap " + version + " ");
    assertThat(run(command("help"))).contains("hotswap run").doesNotContain("demo", "Maven");
  }

  /** Where no image can be built: what it would run, with its folders in other places. */
  @Test
  void commandLineOfTheContainerFileBringsAHostUp() throws Exception {
    List<String> lines = example("Containerfile");
    Map<String, String> places =
        Map.of(
            word(lines, "COPY ", 1),
            installed.toString(),
            "/config",
            shippedConfig(),
            word(lines, "VOLUME ", 0),
            data.toString());
    String[] variable = word(lines, "ENV ", 0).split("=");
    List<String> command = new ArrayList<>(strings(lines, "ENTRYPOINT "));
    command.addAll(strings(lines, "CMD "));
    assertStarts(
        Map.of(variable[0], placed(variable[1], places)),
        command.stream().map(word -> placed(word, places)).toList());
  }

  @Test
  void commandLineOfTheSystemdUnitBringsAHostUp() throws Exception {
    List<String> lines = example("hotswap.service");
    String state = word(lines, "StateDirectory=", 0);
    Map<String, String> places =
        Map.of(
            "/opt/hotswap",
            installed.toString(),
            "/etc/hotswap",
            shippedConfig(),
            "%S/" + state,
            data.toString());
    List<String> command = new ArrayList<>();
    for (String word : after(lines, "ExecStart=").split(" ")) {
      command.add(placed(word, places));
    }
    assertStarts(Map.of(), command);
    assertThat(word(lines, "KillSignal=", 0)).isEqualTo("SIGTERM");
    assertThat(word(lines, "SuccessExitStatus=", 0)).isEqualTo("" + ENDED_BY_SIGTERM);
  }

  private List<String> example(String name) throws IOException {
    return Files.readAllLines(installed.resolve("config/examples").resolve(name));
  }

  /** A copy, which is not the distribution's own. */
  private String shippedConfig() throws Exception {
    Path copy = folder.resolve("etc");
    run("cp", "-r", installed.resolve("config").toString(), copy.toString());
    return copy.toString();
  }

  private static String after(List<String> lines, String beginning) {
    return lines.stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .collect(Collectors.joining("\n")); // there is one
  }

  private static String word(List<String> lines, String beginning, int place) {
    return after(lines, beginning).split(" ")[place];
  }

  /** Of a line such as {@code CMD ["run", "--no-shell"]}. */
  private static List<String> strings(List<String> lines, String beginning) {
    String array = after(lines, beginning);
    assertThat(array).startsWith("[\"").endsWith("\"]");
    return List.of(array.substring(2, array.length() - 2).split("\", \""));
  }

  /** Every path of the example must have a place here. */
  private static String placed(String word, Map<String, String> places) {
    for (Map.Entry<String, String> place : places.entrySet()) {
      if (word.equals(place.getKey()) || word.startsWith(place.getKey() + "/")) {
        return place.getValue() + word.substring(place.getKey().length());
      }
    }
    assertThat(word).doesNotContain("/");
    return word;
  }

  private void assertStarts(Map<String, String> variables, List<String> command) throws Exception {
    assertThat(Path.of(command.get(0))).isExecutable();
    ProcessBuilder builder = builder(asAnyUser(command));
    builder.environment().remove("HOTSWAP_DATA");
    builder.environment().putAll(variables);
    Process host = builder.start();
    started.add(host);
    awaitLine(host, "ready: data=" + data + " ");
    end(host);
    assertThat(host.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
  }

  private String ask(String... words) throws Exception {
    return run(command(words));
  }

  private Process start(String... words) throws IOException {
    Process process = builder(command(words)).start();
    started.add(process);
    return process;
  }

  private String[] command(String... words) {
    List<String> command = new ArrayList<>(List.of(installed.resolve("bin/hotswap").toString()));
    command.addAll(List.of(words));
    return asAnyUser(command);
  }

  /** As somebody else, where that is possible. */
  private static String[] asAnyUser(List<String> words) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(
          List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"));
    }
    command.addAll(words);
    return command.toArray(String[]::new);
  }

  private ProcessBuilder builder(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.getRoot().toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HOTSWAP_DATA", data.toString());
    return builder.redirectErrorStream(true);
  }

  private String run(String... command) throws Exception {
    Process process = builder(command).start();
    started.add(process);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), output).isZero();
    return output;
  }

  private static void awaitLine(Process process, String beginning) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> before = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !line.startsWith(beginning)) {
      before.add(line);
      line = lines.readLine();
    }
    assertThat(line).as(String.join(System.lineSeparator(), before)).isNotNull();
  }

  /** Everything that is installed, with when it was changed. */
  private Map<String, Long> files() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(installed)) {
      for (Path file : tree.toList()) {
        files.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return files;
  }
}
