package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The {@code hotswap} script, in a project of its own that has never been built, with a java and a
 * mvn that only say their versions; and what the other scripts say where there is no java.
 */
class LauncherIT {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final String BUILD_BEGINS = "Building the demo with Maven";

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

  @ParameterizedTest
  @CsvSource({"hotswap, demo", "bench/run, calls", ".ci/run, ''"})
  void noJavaAtAllIsSaidInOneSentence(String script, String command) throws Exception {
    copy(script);
    Child child = launch(script, Map.of(), command);
    assertThat(child.exitCode()).as("%s", child).isEqualTo(2);
    assertThat(child.err())
        .singleElement()
        .isEqualTo(
            script + ": there is no java; install a JDK 17 or newer, or point JAVA_HOME at one.");
  }

  @ParameterizedTest
  @CsvSource({"bench/run, calls", ".ci/run, ''"})
  void aJavaHomeWithoutJavaIsNamed(String script, String command) throws Exception {
    copy(script);
    Child child = launch(script, Map.of("JAVA_HOME", folder.toString()), command);
    assertThat(child.exitCode()).as("%s", child).isEqualTo(2);
    assertThat(child.err())
        .singleElement()
        .asString()
        .startsWith(script + ": there is no bin/java in JAVA_HOME, " + folder);
  }

  private void copy(String script) throws Exception {
    Path copy = project.resolve(script);
    Files.createDirectories(copy.getParent());
    Files.copy(ROOT.resolve(script), copy, StandardCopyOption.REPLACE_EXISTING);
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

  private void java(String version) throws Exception {
    program(jdk.resolve("bin/java"), "echo 'openjdk version \"" + version + "\" 2025-04-15' >&2");
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
    return launch("hotswap", Map.of("JAVA_HOME", jdk.toString()), args);
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
