package dev.hotswap.itest;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.util.tracker.ServiceTracker;

/** The rooms and the only arrows between them, and what no room does. */
@Tag("no-framework") // it reads class files and sources
class ArrowsIT {
  private static final Path ROOT = Path.of(System.getProperty("itest.root"));

  /** From the folder of a module to the rooms that it may use beside itself. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("bundles/hotswap-api", Set.of()),
          Map.entry("bundles/hotswap-core", Set.of("api")),
          Map.entry("bundles/hotswap-osgi", Set.of("api", "core")),
          Map.entry("bundles/hotswap-watch", Set.of("api")),
          Map.entry("bundles/hotswap-leaks", Set.of("api")),
          Map.entry("bundles/hotswap-gogo", Set.of("api")),
          Map.entry("host", Set.of("api", "core", "osgi", "watch", "leaks")),
          Map.entry("itest", Set.of("api", "host", "watch", "leaks")),
          Map.entry("examples", Set.of("api", "host")),
          Map.entry("karaf", Set.of()),
          Map.entry("bench", Set.of("api", "core", "host", "leaks")));

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?dev\\.hotswap\\.([a-z]+)\\.");
  private static final Pattern PACKAGE =
      Pattern.compile("(?m)^package dev\\.hotswap\\.([a-z]+)[.;]");
  private static final Pattern IN_HEADER = Pattern.compile("(?<![\\w.])dev\\.hotswap\\.([a-z]+)");

  private static JavaClasses main;

  /** On the class path of this module; that of the shell is a bundle and nothing else. */
  private static final List<String> ROOMS =
      List.of(
          "dev.hotswap.api",
          "dev.hotswap.core",
          "dev.hotswap.osgi",
          "dev.hotswap.watch",
          "dev.hotswap.host",
          "dev.hotswap.launcher");

  @BeforeAll
  static void readTheClasses() {
    Set<Location> locations = new HashSet<>();
    ROOMS.forEach(name -> locations.addAll(Locations.ofPackage(name)));
    locations.add(Location.of(ROOT.resolve("bundles/hotswap-gogo/target/classes")));
    main =
        new ClassFileImporter()
            .withImportOption(
                from -> !from.contains("-tests.jar") && !from.contains("test-classes"))
            .importLocations(locations);
    assertThat(main.stream().map(found -> found.getPackageName()))
        .containsAll(ROOMS)
        .contains("dev.hotswap.gogo");
  }

  static List<String> modules() throws IOException {
    Matcher matcher = MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")));
    return matcher.results().map(found -> found.group(1)).toList();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void sourcesFollowNoOtherArrow(String module) throws IOException {
    Set<String> own = new TreeSet<>();
    Set<String> used = new TreeSet<>();
    for (Path source : sources(ROOT.resolve(module))) {
      String text = Files.readString(source);
      PACKAGE.matcher(text).results().forEach(found -> own.add(found.group(1)));
      IMPORT.matcher(text).results().forEach(found -> used.add(found.group(1)));
    }
    used.removeAll(own);
    used.remove(room(module));
    assertThat(arrows(module)).containsAll(used);
  }

  /** A module that is built after this one has no jar yet; its sources are looked at above. */
  @ParameterizedTest
  @MethodSource("modules")
  void manifestsFollowNoOtherArrow(String module) throws IOException {
    Set<String> used = new TreeSet<>();
    importPackage(module)
        .ifPresent(
            header ->
                IN_HEADER.matcher(header).results().forEach(found -> used.add(found.group(1))));
    used.remove(room(module));
    assertThat(arrows(module)).containsAll(used);
  }

  @Test
  void apiImportsNothingButJava() throws IOException {
    assertThat(packages("bundles/hotswap-api")).allMatch(name -> name.startsWith("java."));
  }

  @Test
  void coreImportsNothingButJavaApiAndTheWriterOfItsProxies() throws IOException {
    assertThat(packages("bundles/hotswap-core"))
        .contains("dev.hotswap.api", "org.objectweb.asm")
        .allMatch(
            name ->
                name.startsWith("java.")
                    || name.equals("dev.hotswap.api")
                    || name.equals("org.objectweb.asm"));
  }

  @Test
  void coreKnowsNoFramework() {
    noClasses()
        .that(resideInAPackage("dev.hotswap.core"))
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.osgi..").and(not(resideInAPackage("org.osgi.annotation.."))))
        .check(main);
  }

  @Test
  void nobodyAsksAServiceTrackerForItsServiceBecauseItCachesWithoutALock() {
    noClasses()
        .should()
        .callMethodWhere(
            AccessTarget.Predicates.declaredIn(assignableTo(ServiceTracker.class))
                .and(nameBeginsWith("getService"))
                .onResultOf(JavaMethodCall::getTarget)
                .forSubtype())
        .check(main);
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .should()
        .callMethodWhere(
            AccessTarget.Predicates.declaredIn(type(Thread.class))
                .and(nameBeginsWith("sleep"))
                .onResultOf(JavaMethodCall::getTarget)
                .forSubtype())
        .check(main);
  }

  @Test
  void nobodyEndsTheProcessButMainClasses() {
    noClasses()
        .that(
            not(HasName.Predicates.nameMatching("dev\\.hotswap\\.(launcher\\.Main|gogo\\.Client)")))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(main);
  }

  @Test
  void nothingStaticChanges() {
    fields().that().areStatic().should().beFinal().check(main);
    noFields()
        .that()
        .areStatic()
        .should()
        .haveRawType(resideInAPackage("java.util.concurrent.."))
        .orShould()
        .haveRawType(assignableTo(ThreadLocal.class))
        .orShould()
        .haveRawType(assignableTo(java.util.AbstractCollection.class))
        .orShould()
        .haveRawType(assignableTo(java.util.AbstractMap.class))
        .check(main);
  }

  private static DescribedPredicate<AccessTarget> nameBeginsWith(String prefix) {
    return DescribedPredicate.describe(
        "name begins with " + prefix, target -> target.getName().startsWith(prefix));
  }

  private static Set<String> arrows(String module) {
    String key = module.startsWith("examples/") ? "examples" : module;
    assertThat(ARROWS).as("rooms with arrows of their own; add the new one").containsKey(key);
    return ARROWS.get(key);
  }

  /** The part of its package names that tells a module from others. */
  private static String room(String module) {
    return module.startsWith("examples/")
        ? "examples"
        : module.substring(module.lastIndexOf('/') + 1).replace("hotswap-", "");
  }

  /** The main sources; of this module, which has none, the tests. */
  private static List<Path> sources(Path module) throws IOException {
    Path folder = module.resolve(module.endsWith("itest") ? "src/test/java" : "src/main/java");
    if (Files.notExists(folder)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static List<String> packages(String module) throws IOException {
    List<String> names = new ArrayList<>();
    for (String clause :
        importPackage(module).orElseThrow().split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
      names.add(clause.split(";", 2)[0].trim());
    }
    return names;
  }

  private static Optional<String> importPackage(String module) throws IOException {
    Path target = ROOT.resolve(module).resolve("target");
    if (Files.notExists(target)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(target)) {
      Optional<Path> jar =
          files.filter(file -> file.getFileName().toString().matches("hotswap-.*\\.jar")).findAny();
      if (jar.isEmpty()) {
        return Optional.empty();
      }
      try (JarFile bundle = new JarFile(jar.get().toFile())) {
        return Optional.ofNullable(
            bundle.getManifest().getMainAttributes().getValue("Import-Package"));
      }
    }
  }
}
