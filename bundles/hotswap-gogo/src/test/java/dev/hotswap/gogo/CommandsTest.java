package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command, as an operator gives it. */
class CommandsTest {
  private final FakeSwapper swapper = new FakeSwapper();
  private List<Quarantine.Case> cases = List.of();
  private final Commands commands =
      new Commands(
          swapper,
          receipt -> "{\"id\":" + receipt.id() + "}",
          generation ->
              Optional.of(
                  new Inside.View(
                      "12, active",
                      List.of("com.acme.Rules (service 31)"),
                      List.of("com.acme.rules from types 1.3.0"),
                      List.of())),
          Optional::empty,
          () -> cases);
  private FakeConsole console = FakeConsole.file();

  @BeforeEach
  void somethingRuns() {
    swapper.snapshot = Given.snapshot();
    swapper.receipts = List.of(Given.swapped(), Given.refused());
    swapper.holders = List.of(Given.HOLDER);
  }

  private int run(String line) throws InterruptedException {
    console = FakeConsole.file();
    return run(line, console);
  }

  private int run(String line, FakeConsole at) throws InterruptedException {
    List<String> words = List.of(line.split(" "));
    return commands.run(words.get(0), words.subList(1, words.size()), at);
  }

  @Test
  void listShowsEachGenerationAndWhoAskedForIt() throws Exception {
    assertThat(run("list")).isEqualTo(Command.DONE);
    assertThat(console.printed().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "PLUGIN GENERATION VERSION STAGE IN FLIGHT STARTED ASKED BY",
            "rules 1 1.0.0 draining 2 12",
            "rules 2 2.0.0 current 0 1500 bob: release",
            "tainted: rules generation 9 (9.0.0), forced " + Words.moment(FakeSwapper.NOON));
    assertThat(console.complaint()).isEmpty();
  }

  @Test
  void listOfNothingNamesTheNextStep() throws Exception {
    swapper.snapshot = new FakeSwapper().snapshot;
    run("list");
    assertThat(console.printed()).contains("'swap FILE'");
  }

  @Test
  void listIsThereAsJson() throws Exception {
    assertThat(run("list --json")).isEqualTo(Command.DONE);
    assertThat(console.printed())
        .startsWith("{\"schema\":\"hotswap-list/1\",\"at\":\"2026-05-01T12:00:00Z\"")
        .contains(
            "\"current\":2", "\"inFlight\":2", "\"swap\":7,\"by\":\"bob\",\"why\":\"release\"")
        .contains("\"stage\":\"draining\"", "\"swap\":null", "\"tainted\":[{\"plugin\":\"rules\"")
        .hasLineCount(1);
  }

  @Test
  void showLooksInside() throws Exception {
    assertThat(run("show rules")).isEqualTo(Command.DONE);
    assertThat(console.printed())
        .contains("ab".repeat(32), "asked by   bob: release\n", "12, active")
        .contains("swap       7, ", "can go back to nothing")
        .contains("com.acme.Rules (service 31)", "com.acme.rules from types 1.3.0")
        .contains("started 12, returned 9, threw 1, in flight 2");
    assertThat(run("show rules --json")).isEqualTo(Command.DONE);
    assertThat(console.printed())
        .startsWith("{\"schema\":\"hotswap-plugin/1\",\"plugin\":\"rules\"")
        .contains("\"services\":[\"com.acme.Rules (service 31)\"]", "\"wiresIn\":[]");
  }

  @Test
  void planPrintsWhatWouldHappenAndFailsWhereItIsNotFeasible() throws Exception {
    assertThat(run("plan a.jar --in-place")).isEqualTo(Command.DONE);
    assertThat(swapper.deeds).containsExactly("plan [/home/alice/a.jar]");
    assertThat(swapper.options.inPlace()).isTrue();
    swapper.plan = new Plan(List.of(), List.of(), List.of(Given.REFUSAL));
    assertThat(run("plan a.jar")).isEqualTo(Command.REFUSED);
    assertThat(console.printed()).contains("refused  rules 3.0.0");
  }

  @Test
  void swapTakesEveryOption() throws Exception {
    assertThat(run("swap a.jar /b.jar --why=hurry --in-place --drain 30s --on-deadline reverse"))
        .isEqualTo(Command.DONE);
    assertThat(swapper.deeds).containsExactly("swap [/home/alice/a.jar, /b.jar]");
    assertThat(swapper.options.asked()).contains(new Asked("alice", "hurry"));
    assertThat(swapper.options.inPlace()).isTrue();
    assertThat(swapper.options.drainDeadline()).contains(Duration.ofSeconds(30));
    assertThat(swapper.options.onDeadline()).contains(DeadlinePolicy.REVERSE);
    assertThat(console.printed()).isEqualTo("swapped in 80 ms; 'receipt 7' has the record\n");
  }

  @Test
  void swapWithoutOptionsLeavesAllToTheHost() throws Exception {
    run("swap a.jar");
    assertThat(swapper.options.drainDeadline()).isEmpty();
    assertThat(swapper.options.onDeadline()).isEmpty();
    assertThat(swapper.options.inPlace()).isFalse();
    assertThat(swapper.options.asked()).contains(new Asked("alice", ""));
  }

  @Test
  void deadlineOutOfRangeIsNotUnderstoodAndSaysTheRange() throws Exception {
    assertThat(run("swap a.jar --drain 25000h")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(console.complaint())
        .contains("must be from 0 ms to 24000 h", "Nothing was swapped.")
        .hasLineCount(1);
    assertThat(swapper.deeds).isEmpty();
  }

  @Test
  void rollbackAndUnloadSayWhoAskedAndWhy() throws Exception {
    assertThat(run("rollback rules --why wrong")).isEqualTo(Command.DONE);
    assertThat(run("rollback rules 1")).isEqualTo(Command.DONE);
    assertThat(run("unload rules --why old")).isEqualTo(Command.DONE);
    assertThat(swapper.deeds)
        .containsExactly(
            "rollback rules for " + new Asked("alice", "wrong"),
            "rollback rules to 1 for " + new Asked("alice", ""),
            "unload rules for " + new Asked("alice", "old"));
  }

  @Test
  void generationToGoBackToIsANumberThatShowLists() throws Exception {
    swapper.wayBack = List.of(Given.FIRST);
    run("show rules");
    assertThat(console.printed()).contains("can go back to generation 1 (1.0.0)\n");
    run("show rules --json");
    assertThat(console.printed()).contains("\"wayBack\":[{\"plugin\":\"rules\",\"number\":1");
    assertThat(run("rollback rules one")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(swapper.deeds).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"swap a.jar", "rollback rules", "unload rules"})
  void whatIsRefusedIsSaidInTheWordsOfTheRefusal(String line) throws Exception {
    swapper.refusal = Optional.of(Given.REFUSAL);
    assertThat(run(line)).isEqualTo(Command.REFUSED);
    assertThat(console.complaint()).isEqualTo(Given.REFUSAL.message() + "\n");
    assertThat(console.printed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"show stranger", "holders stranger"})
  void strangersAreRefused(String line) throws Exception {
    assertThat(run(line)).isEqualTo(Command.REFUSED);
    assertThat(console.complaint())
        .isEqualTo(new Refusal.UnknownPlugin("stranger").message() + "\n");
  }

  @Test
  void holdersNamesThreadAgeAndStackAndCountsTheOthers() throws Exception {
    assertThat(run("holders rules")).isEqualTo(Command.DONE);
    assertThat(console.printed())
        .contains("by thread \"http-7\" (id 42), for at least 3000 ms")
        .contains("    at com.acme.Slow.evaluate(Slow.java:7)", "1 more are not known");
  }

  @Test
  void decideNamesWhatItIsAbout() throws Exception {
    swapper.draining = List.of(Given.FIRST);
    assertThat(run("decide rules interrupt")).isEqualTo(Command.DONE);
    assertThat(swapper.deeds).containsExactly("decide rules INTERRUPT");
    assertThat(console.printed()).isEqualTo("interrupt: rules generation 1 (1.0.0)\n");
    swapper.draining = List.of();
    run("decide rules wait");
    assertThat(console.printed()).isEqualTo("no generation of rules is draining\n");
    assertThat(run("decide rules maybe")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(console.complaint()).contains("wait|interrupt|reverse|force");
  }

  @Test
  void historyIsOfAllOrOfOneAlsoTheRefused() throws Exception {
    assertThat(run("history")).isEqualTo(Command.DONE);
    assertThat(console.printed())
        .hasLineCount(3)
        .contains("rules 1 (1.0.0) -> 2 (2.0.0)", "refused", "bob: release");
    run("history rules");
    assertThat(console.printed()).hasLineCount(3);
    run("history stranger");
    assertThat(console.printed()).isEqualTo("no swaps of stranger\n");
    run("history --json");
    assertThat(console.printed()).isEqualTo("[{\"id\":7},{\"id\":8}]\n");
  }

  @Test
  void receiptIsForPeopleOrForPrograms() throws Exception {
    assertThat(run("receipt 7")).isEqualTo(Command.DONE);
    assertThat(console.printed())
        .contains("swap 7: swapped", "bob: release", "/tmp/rules.jar", "side by side")
        .contains("answered by com.acme.Tripling of rules#2")
        .contains("generation 1 (1.0.0) left: drained in 250 ms")
        .contains("80 ms: turn 10 ms");
    run("receipt 7 --json");
    assertThat(console.printed()).isEqualTo("{\"id\":7}\n");
    assertThat(run("receipt 99")).isEqualTo(Command.REFUSED);
    assertThat(console.complaint()).contains("there is no receipt 99").contains("'history'");
    assertThat(run("receipt seven")).isEqualTo(Command.NOT_UNDERSTOOD);
  }

  @Test
  void refusedListsTheReasons() throws Exception {
    assertThat(run("refused")).isEqualTo(Command.DONE);
    assertThat(console.printed()).contains(message(), "swap 8", "bob: release");
  }

  private static String message() {
    Refusal refusal = Given.REFUSAL;
    return refusal.why() + "; " + refusal.state() + ". " + refusal.next();
  }

  /** The file that a swap refused is one row with it; the others are rows of their own. */
  @Test
  void refusedPutsTheQuarantineTheSwapsAndTheTaintsTogether() throws Exception {
    Instant later = FakeSwapper.NOON.plusSeconds(1);
    Refusal refusal = Given.REFUSAL;
    cases =
        List.of(
            new Quarantine.Case(
                "half.jar",
                later.plusSeconds(1),
                "it is half",
                "all stays",
                "Copy it.",
                Optional.of(Path.of("/w/.refused/half.jar"))),
            new Quarantine.Case(
                refusal.what(),
                later,
                refusal.why(),
                refusal.state(),
                refusal.next(),
                Optional.of(Path.of("/w/.refused/rules.jar"))));

    run("refused");

    assertThat(console.printed().lines().map(String::trim))
        .containsSubsequence(
            "lies in /w/.refused/half.jar",
            "it is half; all stays. Copy it.",
            "lies in /w/.refused/rules.jar",
            message(),
            "it was forced with 2 calls inside; it is tainted: those calls may fail, or work with"
                + " what is closed. Look at who called it; where its classes stay in memory,"
                + " restart when that suits.");
    assertThat(console.printed()).containsOnlyOnce(message()).containsOnlyOnce("swap 8");
    run("refused --json");
    assertThat(console.printed())
        .startsWith("{\"schema\":\"hotswap-refused/1\",\"refused\":[{\"at\":")
        .contains(
            "\"what\":\"half.jar\",\"why\":\"it is half\",\"state\":\"all stays\","
                + "\"next\":\"Copy it.\",\"file\":\"/w/.refused/half.jar\",\"swap\":null",
            "\"file\":\"/w/.refused/rules.jar\",\"swap\":8,\"by\":\"bob\"")
        .hasLineCount(1);
  }

  @Test
  void nothingRefusedIsSaid() throws Exception {
    swapper.receipts = List.of(Given.swapped());
    swapper.snapshot = new FakeSwapper().snapshot;
    run("refused");
    assertThat(console.printed()).isEqualTo("nothing was refused, as far as is remembered\n");
  }

  @Test
  void whatNobodyHasForeseenIsOneLine() throws Exception {
    swapper.meanwhile =
        () -> {
          throw new IllegalStateException("a defect");
        };
    assertThat(run("swap a.jar")).isEqualTo(Command.REFUSED);
    assertThat(console.complaint())
        .hasLineCount(1)
        .contains("IllegalStateException: a defect", "'list'");
  }

  @Test
  void unknownCommandsAndPathsThatAreNoneAreNotUnderstood() throws Exception {
    assertThat(run("frobnicate")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(console.complaint()).contains("'frobnicate'", "list, show, plan, swap");
    assertThat(run("swap a\0.jar")).isEqualTo(Command.NOT_UNDERSTOOD);
    assertThat(console.complaint()).contains("is no path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list", "show rules", "plan a.jar", "swap a.jar", "rollback rules", "unload rules",
        "holders rules", "decide rules wait", "history", "receipt 7", "refused", "list --help",
        "frobnicate", "receipt 99", "receipt x"
      })
  void colourIsForTerminalsOnly(String line) throws Exception {
    run(line);
    assertThat(console.printed() + console.complaint()).doesNotContain("\u001b");
  }

  @Test
  void terminalsHaveColours() throws Exception {
    FakeConsole terminal = FakeConsole.terminal();
    run("show rules", terminal);
    assertThat(terminal.printed()).contains("\u001b[32mcurrent\u001b[0m");
    swapper.refusal = Optional.of(Given.REFUSAL);
    run("swap a.jar", terminal);
    assertThat(terminal.complaint())
        .isEqualTo("\u001b[31m" + Given.REFUSAL.message() + "\u001b[0m\n");
  }

  @Test
  void everyCommandHasItsMethodForGogo() {
    assertThat(HotswapCommands.class.getDeclaredMethods())
        .extracting("name")
        .asInstanceOf(list(Object.class))
        .containsAll(commands.names());
  }
}
