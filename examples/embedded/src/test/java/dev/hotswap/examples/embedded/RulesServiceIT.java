package dev.hotswap.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Snapshot;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.host.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RulesServiceIT {
  private static final Path RULES = Path.of(System.getProperty("rules.jar"));
  private static final String PLUGIN = "dev.hotswap.examples.rules";
  private static final int SWAPS = 100;
  private static final int CALLERS = 3;

  @TempDir Path folder;
  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
  private final HttpClient client = HttpClient.newHttpClient();
  private RulesService service;

  @BeforeEach
  void serve() throws IOException {
    Host host =
        Host.builder()
            .share(Rules.class)
            .standby(Duration.ZERO)
            .availability(Duration.ofMillis(500))
            .open();
    service = new RulesService(host, 0);
  }

  @AfterEach
  void close() {
    callers.shutdownNow();
    service.close();
  }

  /** What one caller has seen. */
  private record Seen(long answers, List<String> failures) {}

  @Test
  void hundredSwapsUnderLoadFailNoRequest() throws Exception {
    service.swapper().swap(Release.of(RULES, "1.0.0", folder));
    AtomicLong answered = new AtomicLong();
    Set<String> objects = ConcurrentHashMap.newKeySet();
    List<Future<Seen>> load = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      load.add(callers.submit(() -> callOn(answered, objects)));
    }
    for (int number = 1; number <= SWAPS; number++) {
      awaitOneMore(answered); // so that each release is called
      service.swapper().swap(Release.of(RULES, "1.0." + number, folder));
    }
    awaitOneMore(answered);
    callers.shutdownNow();
    long answers = 0;
    for (Future<Seen> seen : load) {
      assertThat(seen.get(20, TimeUnit.SECONDS).failures).isEmpty();
      answers += seen.get().answers;
    }
    assertThat(answers).isGreaterThanOrEqualTo(SWAPS);
    assertThat(objects).as("releases that have answered").hasSizeGreaterThan(SWAPS / 2);
    assertThat(service.swapper().snapshot().plugin(PLUGIN).flatMap(Snapshot.Plugin::current))
        .hasValueSatisfying(current -> assertThat(current.version()).isEqualTo("1.0." + SWAPS));
  }

  @Test
  void withoutRulesItSaysSo() throws Exception {
    assertThat(get("7").statusCode()).isEqualTo(503);
    assertThat(get("7").body()).contains("Rules");
    assertThat(get("seven").statusCode()).isEqualTo(400);
  }

  /** As a process, the way the example is run. */
  @Test
  void rulesThatAreDroppedIntoTheFolderOfTheProgramAreServed() throws Exception {
    Path watched = Files.createDirectory(folder.resolve("watched"));
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "0",
                watched.toString())
            .redirectError(folder.resolve("log").toFile())
            .start();
    try (BufferedReader said = program.inputReader()) {
      URI uri = URI.create(said.readLine().replace("serving ", ""));
      Files.move(Release.of(RULES, "1.0.0", folder), watched.resolve("rules.jar"));
      HttpResponse<String> response = get(uri); // waits for the first rules
      assertThat(response.body()).startsWith("14 ");
      assertThat(response.statusCode()).isEqualTo(200);
    } finally {
      program.destroy();
      assertThat(program.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    }
  }

  /** Until it is interrupted. */
  private Seen callOn(AtomicLong answered, Set<String> objects) {
    List<String> failures = new ArrayList<>();
    long answers = 0;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        HttpResponse<String> response = get("7");
        if (response.statusCode() != 200 || !response.body().startsWith("14 ")) {
          failures.add(response.statusCode() + " " + response.body());
        }
        objects.add(response.body());
        answers++;
        answered.incrementAndGet();
      } catch (InterruptedException e) {
        break; // the end
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
    return new Seen(answers, failures);
  }

  private static void awaitOneMore(AtomicLong answered) {
    long before = answered.get();
    while (answered.get() == before) {
      Thread.onSpinWait();
    }
  }

  private HttpResponse<String> get(String input) throws IOException, InterruptedException {
    return get(URI.create("http://localhost:" + service.port() + "/evaluate/" + input));
  }

  private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
