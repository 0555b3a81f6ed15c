package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Generation;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HeapWalkException;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaksCommandTest {
  private static final Instant LEFT = Instant.parse("2026-11-23T09:00:00Z");
  private static final Generation RULES = new Generation("rules", 7, "2.0.0", "ab".repeat(32));
  private static final Generation CLOCK = new Generation("clock", 3, "1.0.0", "cd".repeat(32));
  private static final Leftover DRIVER =
      new Leftover(Leftover.Kind.JDBC_DRIVER, "JDBC driver acme.Driver", false, "deregister it");
  private static final HoldingPath PATH =
      new HoldingPath(RULES, Verdict.HELD, "thread \"a\"", List.of("local acme.X"), "end it");

  private final FakeLeaks leaks = new FakeLeaks();
  private FakeConsole console = FakeConsole.file();

  /** One that is held, one that is watched. */
  private static final class FakeLeaks implements Leaks {
    final List<String> asked = new ArrayList<>();
    Optional<HoldingPath> path = Optional.empty();
    boolean walks = true;

    @Override
    public List<Watched> watched() {
      return List.of(
          new Watched(RULES, 12, LEFT, Verdict.HELD, List.of(DRIVER), path),
          new Watched(
              CLOCK, 13, LEFT.plusSeconds(30), Verdict.WATCHED, List.of(), Optional.empty()));
    }

    @Override
    public Count count() {
      return new Count(41, 2, 1);
    }

    @Override
    public List<Watched> collectNow(Duration limit) {
      asked.add("gc");
      return watched();
    }

    @Override
    public Optional<HeapWalk.Estimate> estimate() {
      return walks
          ? Optional.of(
              new HeapWalk.Estimate(512L << 20, Duration.ofMillis(900), Duration.ofSeconds(4)))
          : Optional.empty();
    }

    @Override
    public List<HoldingPath> why(Optional<String> plugin) {
      if (!walks) {
        throw new HeapWalkException("this host cannot walk its heap");
      }
      asked.add("why " + plugin.orElse("all"));
      path = Optional.of(PATH);
      return List.of(PATH);
    }

    @Override
    public Optional<Path> whyAndKeep(Optional<String> plugin) {
      why(plugin);
      asked.add("keep");
      return Optional.of(Path.of("/data/heap/heap.hprof"));
    }
  }

  private int run(String... words) {
    FakeSwapper swapper = new FakeSwapper();
    swapper.snapshot =
        new Snapshot(LEFT.plusSeconds(90), List.of(), List.of())
            .with(new Snapshot.Reclaimed(leaks.watched(), leaks.count()));
    Commands commands =
        new Commands(
            swapper,
            receipt -> "",
            generation -> Optional.empty(),
            () -> Optional.of(leaks),
            List::of);
    console = FakeConsole.file();
    try {
      return commands.run(words[0], List.of(words).subList(1, words.length), console);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String text() {
    return console.printed();
  }

  @Test
  void allThatAreStillThereAreListedWithTheirAgesAndWhatTheyLeft() {
    assertThat(run("leaks")).isZero();
    assertThat(text().lines().map(line -> line.replaceAll("  +", " | ")).toList())
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).startsWith("PLUGIN | GENERATION | VERSION | VERDICT");
              assertThat(lines.get(1))
                  .startsWith("rules")
                  .contains("2.0.0 | held", "1 min 30 s", "12");
              assertThat(lines.get(2)).startsWith("clock").contains("watched", "1 min 0 s", "13");
              assertThat(lines.get(3))
                  .isEqualTo(
                      "left behind: rules generation 7 (2.0.0): JDBC driver acme.Driver (still"
                          + " there); remedy: deregister it");
              assertThat(lines.get(4))
                  .isEqualTo("of those reclaimed: collected 41, found to be held 2, watched 1");
              assertThat(lines.get(5)).contains("'leaks --why' says what holds them");
            });
    assertThat(leaks.asked).as("without being told to").isEmpty();
  }

  @Test
  void onePluginIsListedAlone() {
    run("leaks", "clock");
    assertThat(text()).contains("clock").doesNotContain("rules");
  }

  @Test
  void whyPrintsTheEstimateOfThePauseBeforeThePath() {
    run("leaks", "rules", "--why", "--gc");
    assertThat(leaks.asked).containsExactly("gc", "why rules");
    assertThat(text())
        .startsWith(
            "walking the heap, 512 MB: all threads stand still for about 900 ms, and it takes about"
                + " 4000 ms\n")
        .contains(PATH.label())
        .doesNotContain("'leaks --why' says");
  }

  @Test
  void theDumpIsKeptForWhoeverAsksAndItIsSaidWhere() {
    run("leaks", "rules", "--why", "--keep");
    assertThat(leaks.asked).containsExactly("why rules", "keep");
    assertThat(text())
        .contains(
            "the dump is kept on the host's machine, in /data/heap/heap.hprof\n", PATH.label());
  }

  @Test
  void thereIsNoDumpToKeepWithoutAWalk() {
    assertThat(run("leaks", "--keep", "--gc")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(console.complaint()).contains("--keep keeps the dump of --why");
    assertThat(leaks.asked).isEmpty();
  }

  @Test
  void whereNothingCanWalkTheHeapItIsRefused() {
    leaks.walks = false;
    assertThat(run("leaks", "--why")).isEqualTo(Command.REFUSED);
    assertThat(console.complaint()).contains("cannot walk its heap");
  }

  @Test
  void jsonIsAloneOnTheOutput() {
    run("leaks", "rules", "--why", "--json");
    assertThat(text())
        .startsWith(
            "{\"schema\":\"hotswap-leaks/1\",\"at\":\"2026-11-23T09:01:30Z\",\"collected\":41,"
                + "\"held\":2,\"watched\":1,\"generations\":[{\"plugin\":\"rules\",\"number\":7,")
        .contains(
            "\"verdict\":\"held\",\"leftovers\":[{\"kind\":\"jdbc-driver\",",
            "\"undone\":false",
            "\"path\":{\"verdict\":\"held\",\"holder\":\"thread \\\"a\\\"\",\"steps\":[\"local")
        .doesNotContain("clock");
    assertThat(console.complaint()).startsWith("walking the heap");
  }

  @Test
  void listNamesWhatIsHeldAndSaysWhatToAskNext() {
    run("list");
    assertThat(text())
        .contains(
            "held: rules generation 7 (2.0.0), reclaimed ", "'leaks rules --why' says by what")
        .doesNotContain("clock");
    run("list", "--json");
    assertThat(text()).contains("\"reclaimed\":{\"collected\":41,\"held\":2,\"watched\":1,");
  }

  @Test
  void theManualHasAPage() {
    assertThat(run("leaks", "--help")).isZero();
    assertThat(text()).contains("leaks [PLUGIN] [--why] [--keep] [--gc] [--json]");
  }
}
