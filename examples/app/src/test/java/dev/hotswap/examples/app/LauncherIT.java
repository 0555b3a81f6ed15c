package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The {@code hotswap} script, in a project of its own that has never been built, with a java and a
 * mvn that only say their versions; and what the other scripts say where something is missing or
 * too old.
 */
class LauncherIT {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final String BUILD_BEGINS = "Building the demo with Maven";

  private static final String NEW_JAVA = "; install a JDK 17 or newer, or point JAVA_HOME at one.";
  private static final String NO_JAVA = "there is no java" + NEW_JAVA;

  private static final List<String> SHELL_TOOLS =
      List.of("dirname", "readlink", "sed", "head", "tail", "mkdir", "mktemp", "rm", "cat", "find");

  @TempDir Path folder;
  private Path project;
  private Path jdk;
  private Path tools;

  @BeforeEach
  void unbuiltProject() throws Exception {
    project = Files.createDirectory(folder.resolve("a project"));
    Files.copy(ROOT.resolve("hotswap"), project.resolve("hotswap"));
    jdk = folder.resolve("a jdk");
    tools = folder.resolve("tools");
    program(jdk.resolve("bin/javac"), "true");
    java("17.0.15");
    maven("3.8.7");
  }

  @Test
  void anUnknownCommandIsNamed() throws Exception {
    assertRefused(launch("fly"), "there is no command 'fly'");
  }

  @Test
  void aMissingJavaIsSaid() throws Exception {
    Files.delete(jdk.resolve("bin/java"));

    assertRefused(launch("demo"), "JAVA_HOME is " + jdk + ", but there is no bin/java in it");
  }

  @Test
  void noJavaAtAllIsSaidInOneSentence() throws Exception {
    assertSays("hotswap", launch("hotswap", Map.of(), "demo"), NO_JAVA);
  }

  @ParameterizedTest
  @MethodSource("otherScripts")
  void otherScriptsSayThatThereIsNoJava(String script, List<String> words) throws Exception {
    assertSays(script, launchOther(script, Map.of(), words), NO_JAVA);
  }

  @ParameterizedTest
  @MethodSource("otherScripts")
  void otherScriptsNameAJavaHomeWithoutJava(String script, List<String> words) throws Exception {
    assertSays(
        script,
        launchOther(script, Map.of("JAVA_HOME", folder.toString()), words),
        "there is no bin/java in JAVA_HOME, " + folder + NEW_JAVA);
  }

  @ParameterizedTest
  @MethodSource("otherScripts")
  void otherScriptsNameAnOldJava(String script, List<String> words) throws Exception {
    for (String[] old : new String[][] {{"1.8.0_402", "8"}, {"11.0.2", "11"}, {"16", "16"}}) {
      java(old[0]);
      assertSays(
          script, launchOther(script, home(), words), java() + " is Java " + old[1] + NEW_JAVA);
    }
  }

  @ParameterizedTest
  @MethodSource("otherScripts")
  void otherScriptsSayThatThereIsNoCompiler(String script, List<String> words) throws Exception {
    Files.delete(jdk.resolve("bin/javac"));
    assertSays(
        script,
        launchOther(script, home(), words),
        java() + " belongs to no JDK: there is no javac beside it" + NEW_JAVA);
  }

  @ParameterizedTest
  @MethodSource("otherScripts")
  void otherScriptsSayThatThereIsNoMaven(String script, List<String> words) throws Exception {
    Files.delete(tools.resolve("mvn"));
    assertSays(
        script,
        launchOther(script, home(), words),
        "there is no mvn; install Maven 3.8.1 or newer.");
  }

  @ParameterizedTest
  @MethodSource("otherScripts")
  void otherScriptsNameAnOldMaven(String script, List<String> words) throws Exception {
    maven("3.6.3");
    assertSays(
        script,
        launchOther(script, home(), words),
        "this mvn is Maven 3.6.3; install Maven 3.8.1 or newer.");
  }

  /** Each with words that have it go to work. */
  static Stream<Arguments> otherScripts() {
    return Stream.of(
        Arguments.of("bench/run", List.of("calls")),
        Arguments.of(".ci/run", List.of()),
        Arguments.of(".ci/first-use", List.of()),
        Arguments.of("itest/storm", List.of()),
        Arguments.of("itest/torture", List.of()),
        Arguments.of("itest/drops", List.of()),
        Arguments.of("itest/soak", List.of()));
  }

  private Child launchOther(String script, Map<String, String> environment, List<String> words)
      throws Exception {
    copy(".ci/toolchain.sh");
    copy(script);
    return launch(script, environment, words.toArray(String[]::new));
  }

  private void copy(String script) throws Exception {
    Path copy = project.resolve(script);
    Files.createDirectories(copy.getParent());
    Files.copy(ROOT.resolve(script), copy, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void assertSays(String script, Child child, String sentence) {
    assertThat(child.exitCode()).as("%s", child).isEqualTo(2);
    assertThat(child.out()).as("%s", child).noneMatch(line -> line.contains("\tat "));
    assertThat(child.err()).singleElement().isEqualTo(script + ": " + sentence);
  }

  @Test
  void anOldJavaIsNamedWithItsVersion() throws Exception {
    java("1.8.0_402");
    assertRefused(launch("demo"), "needs Java 17 or newer", "is Java 8;");

    java("11.0.2");
    assertRefused(launch("demo"), "needs Java 17 or newer", "is Java 11;");
  }

  @Test
  void aJavaWithoutCompilerCannotBuild() throws Exception {
    Files.delete(jdk.resolve("bin/javac"));

    assertRefused(launch("demo"), "takes a JDK");
  }

  @Test
  void aMissingMavenIsSaid() throws Exception {
    Files.delete(tools.resolve("mvn"));

    assertRefused(launch("demo"), "there is no mvn; install Maven 3.8.1 or newer");
  }

  @Test
  void anOldMavenIsNamedWithItsVersion() throws Exception {
    for (String old : new String[] {"3.6.3", "3.8.0", "2.9"}) {
      maven(old);
      assertRefused(launch("demo"), "Maven 3.8.1 or newer, and this mvn is " + old + ";");
    }
  }

  @Test
  void aFailedBuildShowsItsEnd() throws Exception {
    for (String recent : new String[] {"3.8.1", "3.10", "4.0.0"}) {
      maven(recent);
      Child child = launch("demo");

      assertThat(child.exitCode()).as("%s", child).isOne();
      assertThat(child.err()).first().asString().startsWith(BUILD_BEGINS);
      assertThat(child.err()).contains("this mvn cannot build");
      assertThat(child.err()).last().asString().startsWith("hotswap: the build failed");
    }
  }

  private Path java() {
    return jdk.resolve("bin/java");
  }

  private Map<String, String> home() {
    return Map.of("JAVA_HOME", jdk.toString());
  }

  private void java(String version) throws Exception {
    program(java(), "echo 'openjdk version \"" + version + "\" 2025-04-15' >&2");
  }

  private void maven(String version) throws Exception {
    program(
        tools.resolve("mvn"),
        "case \"$*\" in *-version*) echo 'Apache Maven "
            + version
            + " (x)';; *) echo 'this mvn cannot build'; exit 1;; esac");
  }

  private static void program(Path file, String line) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** From another folder, with nothing on the path but the shell's own tools and ours. */
  private Child launch(String... args) throws Exception {
    return launch("hotswap", home(), args);
  }

  private Child launch(String script, Map<String, String> environment, String... args)
      throws Exception {
    for (String tool : SHELL_TOOLS) {
      link(tool);
    }
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", project.resolve(script).toString());
    builder.command().addAll(List.of(args));
    builder.environment().remove("JAVA_HOME");
    builder.environment().putAll(environment);
    builder.environment().put("PATH", tools.toString());
    return Child.run(folder, "", builder);
  }

  private void link(String tool) throws Exception {
    Path program = Path.of("/usr/bin", tool);
    String found = Files.exists(program) ? program.toString() : "/bin/" + tool;
    program(tools.resolve(tool), "exec " + found + " \"$@\"");
  }

  private static void assertRefused(Child child, String... parts) {
    assertThat(child.exitCode()).as("%s", child).isEqualTo(2);
    assertThat(child.out()).isEmpty();
    assertThat(child.err())
        .singleElement()
        .asString()
        .startsWith("hotswap: ")
        .contains(parts)
        .doesNotContain("\tat ");
  }
}
