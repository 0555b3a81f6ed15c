package dev.hotswap.karaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.examples.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The features, in a real Karaf, as its users install them. */
@Timeout(300)
class KarafIT {
  private static final Path RULES = Path.of(System.getProperty("karaf.rules"));
  private static final String VERSION = System.getProperty("hotswap.version");
  private static final int SWAPS = 20;

  @TempDir Path folder;
  private Path releases;
  private Path watched;
  private Path told;
  private Karaf karaf;

  @BeforeEach
  void install() throws IOException {
    releases = Files.createDirectory(folder.resolve("releases"));
    watched = Files.createDirectory(folder.resolve("watched"));
    told = folder.resolve("told");
    Path caller = folder.resolve("caller.jar");
    Bundles.activator(
        CallingActivator.class,
        "dev.hotswap.api,dev.hotswap.osgi,dev.hotswap.examples.rules,org.osgi.framework,"
            + "org.osgi.util.tracker",
        caller);
    Path features = folder.resolve("features.xml");
    Files.writeString(
        features,
        """
        <features name="itest" xmlns="http://karaf.apache.org/xmlns/features/v1.6.0">
          <feature name="itest">
            <bundle>%s</bundle>
            <bundle>%s</bundle>
          </feature>
        </features>
        """
            .formatted(RULES.resolve("rules-types.jar").toUri(), caller.toUri()));
    karaf =
        new Karaf(Files.createDirectory(folder.resolve("karaf")))
            .features(
                List.of(
                    Path.of(System.getProperty("karaf.features")).toUri().toString(),
                    features.toUri().toString()),
                List.of(
                    "hotswap/" + VERSION,
                    "hotswap-leaks/" + VERSION,
                    "hotswap-watch/" + VERSION,
                    "itest"))
            .property("hotswap.watch", watched)
            .property("calling.releases", releases)
            .property("calling.told", told);
  }

  @AfterEach
  void end() throws InterruptedException {
    karaf.close();
  }

  @Test
  void swapsUnderLoadRemembersThroughAKillAndTakesWhatIsDropped() throws Exception {
    for (int number = 1; number <= SWAPS; number++) {
      release("1.0." + number, releases.resolve("rules-%02d.jar".formatted(number)));
    }
    karaf.property("hotswap.contracts", Rules.class.getName()).start("server");
    awaitTold("done");
    assertThat(told)
        .hasContent(
            """
            found nothing
            failed calls: 0
            same service: true
            left with 1.0.20
            done
            """);

    karaf.kill();
    Files.delete(told);
    release("1.0.21", releases.resolve("rules-21.jar"));
    karaf.start("server");
    awaitTold("done");
    assertThat(told).content().startsWith("found 1.0.20\n").contains("failed calls: 0", "1.0.21");

    karaf.stop();
    Files.delete(told);
    karaf.start("server");
    awaitTold("found 1.0.21");
    karaf.stop();
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_23, disabledReason = "Karaf 4.4.8 has no shell on newer ones")
  void commandsAreInTheShellOfKarafAndKnowWhatTheWatchFolderRefused() throws Exception {
    karaf.features(
        List.of(Path.of(System.getProperty("karaf.features")).toUri().toString()),
        List.of("shell", "hotswap-watch/" + VERSION, "hotswap-shell/" + VERSION));
    karaf.start("console");
    awaitAnswer("hotswap:list", "no plugins; "); // not known before the feature is installed

    Path half = folder.resolve("half.jar");
    Files.writeString(half, "no zip archive");
    Files.move(half, watched.resolve("half.jar"), StandardCopyOption.ATOMIC_MOVE);
    awaitAnswer("hotswap:refused", watched.resolve(".refused/half.jar").toString());
  }

  private void awaitAnswer(String command, String answer) {
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              karaf.type(command);
              assertThat(karaf.log()).contains(answer);
            });
  }

  private static void release(String version, Path file) throws IOException {
    Bundles.release(RULES.resolve("rules-v1.jar"), version, file);
  }

  private void awaitTold(String line) {
    await()
        .atMost(Duration.ofSeconds(120))
        .failFast("Karaf has ended", () -> !karaf.isAlive())
        .untilAsserted(
            () ->
                assertThat(Files.exists(told) ? Files.readString(told) : "")
                    .as(karaf::log)
                    .containsPattern("(?m)^" + line));
  }
}
