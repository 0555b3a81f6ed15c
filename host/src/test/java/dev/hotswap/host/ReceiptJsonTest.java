package dev.hotswap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import com.fasterxml.jackson.jr.ob.JSON;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.hotswap.api.Answer;
import dev.hotswap.api.Asked;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Timings;
import dev.hotswap.api.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is written is what docs/receipt.md shows and docs/receipt.schema.json demands. */
class ReceiptJsonTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");

  private static final Generation OLD = new Generation("greeter", 7, "2.0.0", "5f3c".repeat(16));
  private static final Generation NEW = new Generation("greeter", 8, "2.1.0", "a81e".repeat(16));

  private static final Holder SLOW =
      new Holder(
          OLD,
          Holder.Kind.CALL,
          "http-12",
          41,
          false,
          Optional.of(Duration.ofMillis(30_000)),
          List.of("com.acme.PoliteGreeter.greet(PoliteGreeter.java:17)"));

  private static final Receipt SWAPPED =
      new Receipt(
          12,
          request(Optional.of(NEW.sha256())),
          Mode.SIDE_BY_SIDE,
          Optional.of(plan(List.of())),
          Receipt.Outcome.SWAPPED,
          Optional.empty(),
          List.of(
              new Receipt.Change(
                  "greeter",
                  Optional.of(OLD),
                  Optional.of(NEW),
                  List.of(
                      new Answer(
                          "com.acme.Greeter",
                          "com.acme.PoliteGreeter",
                          "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader@5e91993f",
                          Optional.of(NEW),
                          NEW)),
                  Optional.of(
                      new Retirement(
                          OLD,
                          new Calls(1_204_518, 1_204_511, 7),
                          3,
                          Duration.ofMillis(30_250),
                          List.of(SLOW),
                          Duration.ofMillis(4),
                          List.of("greeter 2.0.0 [bundle 14]"),
                          List.of(),
                          Optional.of(Verdict.COLLECTED),
                          List.of(
                              new Leftover(
                                  Leftover.Kind.JDBC_DRIVER,
                                  "JDBC driver com.acme.Driver",
                                  true,
                                  "call DriverManager.deregisterDriver in stop()")))))),
          timings(),
          Duration.ZERO);

  private static final Receipt REFUSED =
      new Receipt(
          13,
          request(Optional.empty()),
          Mode.SIDE_BY_SIDE,
          Optional.empty(),
          Receipt.Outcome.REFUSED,
          Optional.of(
              new Refusal.UnreadableFile(
                  "greeter-2.1.jar", "it is cut", "Mend it.", Optional.of(OLD))),
          List.of(),
          timings(),
          Duration.ZERO);

  private static final Receipt FAILED =
      new Receipt(
          14,
          request(Optional.of(NEW.sha256())),
          Mode.SIDE_BY_SIDE,
          Optional.of(plan(List.of("com.acme.Greeter"))),
          Receipt.Outcome.REFUSED,
          Optional.of(
              new Refusal.Failed(
                  "greeter 2.1.0", "no thread", "nothing answers in the place of greeter")),
          List.of(),
          timings(),
          Duration.ZERO);

  private static Plan plan(List<String> undeclared) {
    Plan.Member member =
        new Plan.Member(
            "greeter",
            "2.1.0",
            NEW.sha256(),
            Plan.Kind.NEW_GENERATION,
            Mode.SIDE_BY_SIDE,
            Optional.of(OLD),
            "asked for: a81ea81ea81e",
            Optional.empty(),
            Plan.State.NONE,
            undeclared,
            Optional.of("greeter-2.1.0.jar"),
            List.of());
    return new Plan(List.of(member), List.of(), List.of());
  }

  private static Receipt.Request request(Optional<String> sha256) {
    return new Receipt.Request(
        Receipt.Verb.SWAP,
        new Asked("ana", "release 2.1: \"politer\""),
        Instant.parse("2026-11-23T09:15:02.250Z"),
        List.of(new Receipt.Source("drop/greeter-2.1.0.jar", sha256)));
  }

  private static Timings timings() {
    Duration[] steps = new Duration[8];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Duration.ofNanos(1_000_000L * (i + 1));
    }
    return new Timings(
        steps[0], steps[1], steps[2], steps[3], steps[4], steps[5], steps[6], steps[7]);
  }

  @Test
  void theExampleOfTheDocsIsWhatIsWritten() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(DOCS.resolve("receipt.md")));
    assertThat(example.find()).isTrue();
    assertThat(ReceiptJson.page(SWAPPED)).isEqualToNormalizingNewlines(example.group(1).strip());
  }

  @Test
  void theLineSaysWhatThePageSays() throws IOException {
    assertThat(ReceiptJson.write(SWAPPED)).doesNotContain("\n");
    assertThat(read(ReceiptJson.write(SWAPPED))).isEqualTo(read(ReceiptJson.page(SWAPPED)));
  }

  @Test
  void textComesBackAsItWas() throws IOException {
    assertThat(read(ReceiptJson.write(SWAPPED)))
        .extractingByKey("request")
        .asInstanceOf(MAP)
        .containsEntry("why", "release 2.1: \"politer\"");
  }

  @Test
  void aRefusedSwapSaysWhyAndNullWhereThereIsNothing() throws IOException {
    Map<String, Object> read = read(ReceiptJson.write(REFUSED));
    assertThat(read).containsEntry("outcome", "refused").containsEntry("plan", null);
    assertThat(read)
        .extractingByKey("refusal")
        .asInstanceOf(MAP)
        .containsEntry("kind", "UnreadableFile")
        .containsEntry("why", "it is cut");
  }

  @Test
  void aFailedSwapSaysInWordsWhatStandsNow() throws IOException {
    assertThat(read(ReceiptJson.write(FAILED)))
        .extractingByKey("refusal")
        .asInstanceOf(MAP)
        .containsEntry("kind", "Failed")
        .containsEntry("stands", null)
        .containsEntry("state", "nothing answers in the place of greeter");
    assertThat(read(ReceiptJson.write(REFUSED)))
        .extractingByKey("refusal")
        .asInstanceOf(MAP)
        .containsEntry("state", "generation 7 (2.0.0) stays current");
  }

  @Test
  void contractsThatAreNotDeclaredAreInThePlan() throws IOException {
    assertThat(ReceiptJson.write(FAILED)).contains("\"undeclared\":[\"com.acme.Greeter\"]");
  }

  @Test
  void everyReceiptIsOfTheSchema() throws IOException {
    assertThat(schema().validate(ReceiptJson.write(SWAPPED), InputFormat.JSON)).isEmpty();
    assertThat(schema().validate(ReceiptJson.write(REFUSED), InputFormat.JSON)).isEmpty();
    assertThat(schema().validate(ReceiptJson.write(FAILED), InputFormat.JSON)).isEmpty();
  }

  @Test
  void theSchemaFindsAMissingNameAndANegativeTime() throws IOException {
    String whole = ReceiptJson.write(SWAPPED);
    assertThat(schema().validate(whole.replace("\"drainNanos\"", "\"drain\""), InputFormat.JSON))
        .isNotEmpty();
    assertThat(
            schema().validate(whole.replace("\"readNanos\":", "\"readNanos\":-"), InputFormat.JSON))
        .isNotEmpty();
  }

  private static JsonSchema schema() throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(DOCS.resolve("receipt.schema.json")));
  }

  private static Map<String, Object> read(String json) throws IOException {
    return JSON.std.mapFrom(json);
  }
}
