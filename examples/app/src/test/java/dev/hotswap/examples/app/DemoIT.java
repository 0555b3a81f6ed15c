package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged demo, as a user runs it, in a JVM of its own. */
class DemoIT {
  private static final Pattern LAST_LINE =
      Pattern.compile(
          "demo: swaps=([1-9]\\d*) calls=([1-9]\\d*) started=\\2 returned=\\2"
              + " failed=0 stale=0 mixed=0 loaders=1");

  @TempDir Path folder;

  @Test
  void everyPromiseHoldsWhileThePluginIsSwappedAndABrokenReleaseIsRefused() throws Exception {
    Child demo = Child.demo(folder, "", "--seconds", "2");

    assertThat(demo.lastLine()).as("%s", demo).matches(LAST_LINE);
    assertThat(demo.exitCode()).isZero();
    assertThat(demo.err()).isEmpty();
    assertThat(swaps(demo)).isBetween(1, 9);
    assertThat(demo.out())
        .filteredOn(line -> line.startsWith("refused "))
        .singleElement()
        .asString()
        .contains("dev.hotswap.examples.rules 2.0.1", "dev.hotswap.examples.clock [1.2,2)")
        .containsPattern("generation \\d+ \\([12]\\.0\\.0\\) stays current");
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
