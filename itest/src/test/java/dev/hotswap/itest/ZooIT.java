package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plugins that leak, each in one way, and plugins that look as if they did: the verdict on each has
 * to be right, what holds it has to be named, and what was taken back has to be told.
 */
@Timeout(600)
@Tag("felix") // it is about the JVM
class ZooIT {
  private static final double PATHS = 0.95;

  @TempDir Path folder;

  @Test
  void verdictsAreRightWhatHoldsIsNamedAndWhatWasTakenBackIsTold() throws Exception {
    Optional<Path> library = NativeKeeper.tryBuild(folder);
    if (library.isEmpty()) {
      System.out.println("ZooIT: left out JniReference: native code cannot be built here");
    }
    List<String> lines = visit(library);
    List<Sighting> all =
        Inmates.all(library.isPresent()).stream()
            .map(inmate -> Sighting.of(inmate, lines))
            .toList();
    List<Sighting> leaks = only(all, seen -> !seen.inmate().isControl());
    List<Sighting> held = only(all, seen -> seen.inmate().verdict() == Verdict.HELD);
    List<Sighting> controls = only(all, seen -> seen.inmate().isControl());
    report(all, held, controls, lines);
    assertThat(leaks).hasSizeGreaterThanOrEqualTo(40);
    assertThat(controls).hasSizeGreaterThanOrEqualTo(15);
    assertThat(only(all, seen -> !seen.isVerdictRight())).isEmpty();
    assertThat(only(all, seen -> !seen.areLeftoversRight())).isEmpty();
    assertThat(only(all, Sighting::isFalseAlarm)).isEmpty();
    assertThat(only(held, Sighting::isPathRight).size())
        .isGreaterThanOrEqualTo((int) Math.ceil(PATHS * held.size()));
  }

  private List<String> visit(Optional<Path> library) throws Exception {
    Path zoo = Files.createDirectory(folder.resolve("zoo"));
    Java java =
        new Java(zoo)
            .with("-Xmx512m")
            .with("-Djava.util.prefs.userRoot=" + folder)
            .with("-Ditest.bundles=" + System.getProperty("itest.bundles"));
    library.ifPresent(file -> java.with("-Dzoo.jni=" + file));
    return java.with("-cp", System.getProperty("java.class.path"))
        .with(Zoo.class.getName(), zoo.toString())
        .run(Duration.ofMinutes(9));
  }

  private static List<Sighting> only(List<Sighting> all, Predicate<Sighting> which) {
    return all.stream().filter(which).toList();
  }

  private static void report(
      List<Sighting> all, List<Sighting> held, List<Sighting> controls, List<String> lines) {
    List<Sighting> told = only(all, seen -> !seen.inmate().leftover().isEmpty());
    System.out.printf(
        "ZooIT: JDK %s: verdict right %d/%d, named right %d/%d, reported right %d/%d,"
            + " false alarms %d/%d%n",
        Runtime.version(),
        only(all, Sighting::isVerdictRight).size(),
        all.size(),
        only(held, Sighting::isPathRight).size(),
        held.size(),
        only(told, Sighting::areLeftoversRight).size(),
        told.size(),
        only(controls, Sighting::isFalseAlarm).size(),
        controls.size());
    lines.stream().filter(line -> line.startsWith("walked ")).forEach(System.out::println);
    only(held, seen -> !seen.isPathRight())
        .forEach(seen -> System.out.println("ZooIT: not named as it should be: " + seen));
  }
}
