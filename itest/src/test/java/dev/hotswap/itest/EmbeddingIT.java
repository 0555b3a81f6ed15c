package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.itest.contract.Greeter;
import dev.hotswap.itest.embedded.Embedder;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One program that embeds a host, put together in the ways in which programs are: as processes of
 * their own, with the jars that are published and nothing of the tests beside them.
 */
@Tag("felix") // what an embedder gets who names no other
@Timeout(120)
class EmbeddingIT {
  private static final Path SOURCES =
      Path.of(System.getProperty("itest.root")).resolve("itest/src/test/java");

  private static final List<String> ANSWERS =
      List.of("handle 1.0.0", "proxy 1.0.0", "handle 2.0.0", "proxy 2.0.0", "done");

  @TempDir Path folder;
  private final List<String> plugins = new ArrayList<>();

  @BeforeEach
  void buildThePlugins() throws IOException {
    for (String version : List.of("1.0.0", "2.0.0")) {
      plugins.add(PluginJar.greeter(version).in(folder).toString());
    }
    for (String own : List.of("current", "temporary", "home")) {
      Files.createDirectory(folder.resolve(own));
    }
  }

  @AfterEach
  void assertThatNothingIsLeftInItsFolders() {
    for (String own : List.of("current", "temporary", "home")) {
      assertThat(folder.resolve(own)).isEmptyDirectory();
    }
  }

  @Test
  void runsFromAPlainClassPath() throws Exception {
    List<Path> jars = new ArrayList<>(Java.jarsOfHotswap());
    jars.add(contract().as(folder.resolve("contract.jar")));
    jars.add(library("app").type(Embedder.class.getName()).as(folder.resolve("app.jar")));
    assertThat(run("-cp", joined(jars), Embedder.class.getName()))
        .anyMatch(line -> line.startsWith("embedded in unnamed module"))
        .containsSubsequence(ANSWERS);
  }

  @Test
  void runsFromAModulePath() throws Exception {
    List<Path> jars = new ArrayList<>(Java.jarsOfHotswap());
    compile(
        "itest.contract",
        "exports dev.hotswap.itest.contract;",
        jars,
        Greeter.class.getSimpleName());
    Files.createDirectory(folder.resolve("itest.contract/META-INF"));
    Files.writeString(
        folder.resolve("itest.contract/META-INF/MANIFEST.MF"),
        "Export-Package: dev.hotswap.itest.contract;version=\"1.2.0\"\n");
    compile(
        "itest.app",
        "requires dev.hotswap.host; requires itest.contract;",
        jars,
        Embedder.class.getSimpleName());
    assertThat(run("-p", joined(jars), "-m", "itest.app/" + Embedder.class.getName()))
        .contains("embedded in module itest.app")
        .containsSubsequence(ANSWERS);
  }

  /** As Spring Boot packs them: nothing of it is a file of its own. */
  @Test
  void runsFromAJarOfJars() throws Exception {
    FatJar fat =
        new FatJar(RealBundles.springBootLoader(), Embedder.class)
            .library("contract.jar", contract().bytes());
    for (Path jar : Java.jarsOfHotswap()) {
      fat.library(jar.getFileName().toString(), Files.readAllBytes(jar));
    }
    Path app = fat.as(folder.resolve("app.jar"));
    assertThat(run("-jar", app.toString())).containsSubsequence(ANSWERS);
  }

  /** Names that stay what they are when a file is renamed; so others may require them. */
  @Test
  void everyPublishedJarNamesItsModule() {
    assertThat(ModuleFinder.of(Java.jarsOfHotswap().toArray(Path[]::new)).findAll())
        .extracting(found -> found.descriptor().name())
        .contains(
            "dev.hotswap.api",
            "dev.hotswap.core",
            "dev.hotswap.osgi",
            "dev.hotswap.watch",
            "dev.hotswap.leaks",
            "dev.hotswap.host");
  }

  private List<String> run(String... program) throws IOException, InterruptedException {
    return new Java(folder.resolve("current"))
        .with("-Djava.io.tmpdir=" + folder.resolve("temporary"))
        .with("-Duser.home=" + folder.resolve("home"))
        .with(program)
        .with(plugins.toArray(String[]::new))
        .run();
  }

  private static PluginJar contract() {
    return library("contract")
        .header("Export-Package", "dev.hotswap.itest.contract;version=\"1.2.0\"")
        .type(Greeter.class.getName());
  }

  private static PluginJar library(String name) {
    return PluginJar.named(name, "1.0.0").without("Import-Package");
  }

  /** From the sources of this test, in a module of its own, which is added to the path. */
  private void compile(String module, String directives, List<Path> path, String type)
      throws IOException {
    Path sources = Files.createDirectory(folder.resolve(module + ".src"));
    Path info = sources.resolve("module-info.java");
    Files.writeString(info, "module " + module + " { " + directives + " }");
    Path classes = Files.createDirectory(folder.resolve(module));
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                words,
                words,
                "-p",
                joined(path),
                "-d",
                classes.toString(),
                info.toString(),
                source(type).toString());
    assertThat(result).as(words.toString()).isZero();
    path.add(classes);
  }

  private static Path source(String type) throws IOException {
    try (Stream<Path> tree = Files.walk(SOURCES)) {
      return tree.filter(file -> file.endsWith(type + ".java")).findAny().orElseThrow();
    }
  }

  private static String joined(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
