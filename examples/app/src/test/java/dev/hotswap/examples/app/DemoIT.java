package dev.hotswap.examples.app;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.host.Host;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged demo, as a user runs it, in a JVM of its own. */
class DemoIT {
  private static final Pattern LAST_LINE =
      Pattern.compile(
          "demo: swaps=([1-9]\\d*) calls=([1-9]\\d*) started=\\2 returned=\\2"
              + " failed=0 stale=0 mixed=0 loaders=1");

  /** One each 200 ms, on a machine that has nothing else to do; half of them on any. */
  private static final int MOST_SWAPS = 24;

  private static final long LIMIT_SECONDS = 60;

  @TempDir Path folder;

  @Test
  void everyPromiseHoldsWhileThePluginIsSwappedAndABrokenReleaseIsRefused() throws Exception {
    Child demo = Child.demo(folder, "", "--seconds", "5");

    assertThat(demo.lastLine()).as("%s", demo).matches(LAST_LINE);
    assertThat(demo.exitCode()).isZero();
    assertThat(demo.err()).isEmpty();
    assertThat(swaps(demo)).isBetween(MOST_SWAPS / 2, MOST_SWAPS);
    assertThat(demo.out())
        .filteredOn(line -> line.startsWith("refused "))
        .singleElement()
        .asString()
        .contains("dev.hotswap.examples.rules 2.0.1", "dev.hotswap.examples.clock [1.2,2)")
        .containsPattern("generation \\d+ \\([12]\\.0\\.0\\) stays current");
  }

  @Test
  void itsReleasesAreSwappedBesideEachOtherUpAndDownSoThatNoCallerWaits() {
    AppFolder app = new AppFolder(Path.of("target", "app"));
    try (Host host = app.openHost()) {
      host.handle(Rules.class);
      host.swap(app.v1());
      assertThat(host.plan(app.v2()).members()).singleElement().matches(DemoIT::holdsNobody);
      host.swap(app.v2());
      assertThat(host.plan(app.v1()).members()).singleElement().matches(DemoIT::holdsNobody);
    }
  }

  private static boolean holdsNobody(Plan.Member member) {
    return member.mode() == Mode.SIDE_BY_SIDE && member.state() == Plan.State.NONE;
  }

  private static int swaps(Child demo) {
    Matcher last = LAST_LINE.matcher(demo.lastLine());
    return last.matches() ? Integer.parseInt(last.group(1)) : 0;
  }

  @Test
  void eachLineOfInputIsTheNextJarAndABadOneChangesNothing() throws Exception {
    Path first = Files.copy(Child.plugin("rules-v1.jar"), folder.resolve("my v1.jar"));
    String input =
        String.join(
            "\n",
            "no such file.jar",
            Child.plugin("rules-broken.jar").toString(),
            "",
            Child.plugin("rules-v2.jar").toString());
    Child demo = Child.demo(folder, input, "--stdin", first.getFileName().toString());

    String v1 = "rules 1.0.0: a score is twice the input; evaluate(7) = 14";
    String v2 = "rules 2.0.0: a score is the input's square; evaluate(7) = 49";
    assertThat(demo.exitCode()).as("%s", demo).isZero();
    assertThat(demo.err()).isEmpty();
    assertThat(String.join("\n", demo.out()))
        .containsSubsequence(
            "loaded: dev.hotswap.examples.rules generation 1 (1.0.0)",
            "refused no such file.jar: ",
            v1,
            "refused dev.hotswap.examples.rules 2.0.1: ",
            v1,
            "swapped: dev.hotswap.examples.rules generation 2 (2.0.0)",
            v2);
    assertThat(demo.lastLine()).isEqualTo(v2);
  }

  /**
   * With nothing typed, the first line is printed at once and each further one by the clock: so the
   * fourth does not come before three seconds have passed.
   */
  @Test
  void dataIsPrintedEverySecondForAsLongAsTheInputStaysOpen() throws Exception {
    long start = System.nanoTime();
    ProcessBuilder builder = Child.builder("--stdin", Child.plugin("rules-v1.jar").toString());
    Process demo = builder.directory(folder.toFile()).start();
    // who reads a pipe hears no interrupt: only the end of the demo ends a wait for its lines
    delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(demo::destroyForcibly);
    try (BufferedReader out = demo.inputReader()) {
      Stream<String> data = out.lines().filter(line -> line.startsWith("rules "));
      assertThat(data.limit(4))
          .hasSize(4)
          .containsOnly("rules 1.0.0: a score is twice the input; evaluate(7) = 14");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(3));

      demo.getOutputStream().close();
      assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(demo.exitValue()).isZero();
    } finally {
      demo.destroyForcibly();
    }
  }

  @Test
  void withoutAFirstJarThereIsNothingToRun() throws Exception {
    Child demo = Child.demo(folder, "", "--stdin", "nowhere.jar");

    assertThat(demo.exitCode()).isOne();
    assertThat(demo.out()).isEmpty();
    assertThat(demo.err()).singleElement().asString().startsWith("refused nowhere.jar: ");
  }

  @Test
  void whatIsNotUnderstoodIsSaidInOneSentence() throws Exception {
    Child demo = Child.demo(folder, "", "--fast");

    assertThat(demo.exitCode()).isEqualTo(2);
    assertThat(demo.out()).isEmpty();
    assertThat(demo.err()).singleElement().asString().contains("unknown option '--fast'");
  }

  @Test
  void helpIsPrinted() throws Exception {
    Child demo = Child.demo(folder, "", "--help");

    assertThat(demo.exitCode()).isZero();
    assertThat(demo.out()).first().asString().startsWith("usage: ./hotswap ");
    assertThat(demo.out()).anyMatch(line -> line.startsWith("demo --stdin JAR"));
  }
}
