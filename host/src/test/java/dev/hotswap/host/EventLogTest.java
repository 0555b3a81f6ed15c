package dev.hotswap.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventLogTest {
  private static final Instant AT = Instant.EPOCH;
  private static final Generation OLD = new Generation("greeter", 7, "2.0.0", "ab".repeat(32));
  private static final Generation NEW = new Generation("greeter", 8, "2.0.1", "cd".repeat(32));

  private static final Holder HOLDER =
      new Holder(
          OLD,
          Holder.Kind.LEASE,
          "worker-1",
          31,
          true,
          Optional.of(Duration.ofSeconds(42)),
          List.of("acme.Work.run(Work.java:7)", "acme.Main.main(Main.java:1)"));

  /** One event of each kind, with its line. */
  private static final Map<SwapEvent, String> LINES =
      lines(
          new SwapEvent.RollingBack(3, AT, "greeter", List.of(NEW), List.of(OLD)),
          "event=rolling-back swap=3 plugin=greeter from=\"greeter#8\" to=\"greeter#7\"",
          new SwapEvent.Staged(3, AT, NEW),
          "event=staged swap=3 plugin=greeter to=8 version=2.0.1",
          new SwapEvent.Published(3, AT, "greeter", Optional.of(OLD), Optional.of(NEW)),
          "event=published swap=3 plugin=greeter from=7 to=8",
          new SwapEvent.Answered(3, AT, NEW, "acme.Greeter of greeter#8"),
          "event=answered swap=3 plugin=greeter to=8 version=2.0.1"
              + " by=\"acme.Greeter of greeter#8\"",
          overdue(new Calls(9, 5, 2), HOLDER, HOLDER),
          "event=drain-overdue swap=3 plugin=greeter from=7 version=2.0.0"
              + " waited=30000ms in-flight=2",
          new SwapEvent.Interrupted(3, AT, OLD, List.of(HOLDER, HOLDER)),
          "event=interrupted swap=3 plugin=greeter from=7 version=2.0.0"
              + " threads=\"worker-1, worker-1\"",
          new SwapEvent.Reversed(3, AT, NEW, OLD),
          "event=reversed swap=3 plugin=greeter from=8 version=2.0.1 to=7",
          forced(HOLDER),
          "event=forced swap=3 plugin=greeter from=7 version=2.0.0 waited=30000ms cut-off=2",
          new SwapEvent.Drained(3, AT, OLD, Duration.ofNanos(12_345), new Calls(9, 7, 2)),
          "event=drained swap=3 plugin=greeter from=7 version=2.0.0"
              + " took=12us started=9 returned=7 threw=2",
          new SwapEvent.KeptByDependents(3, AT, OLD, List.of("a 1.0.0", "b 2.0.0")),
          "event=kept-by-dependents swap=3 plugin=greeter from=7 version=2.0.0"
              + " by=\"a 1.0.0, b 2.0.0\"",
          new SwapEvent.StoodBy(3, AT, OLD),
          "event=stood-by swap=3 plugin=greeter from=7 version=2.0.0",
          new SwapEvent.Reclaimed(3, AT, OLD),
          "event=reclaimed swap=3 plugin=greeter from=7 version=2.0.0",
          new SwapEvent.LeftBehind(
              3,
              AT,
              OLD,
              new Leftover(
                  Leftover.Kind.JDBC_DRIVER, "JDBC driver acme.Driver", true, "deregister it")),
          "event=left-behind swap=3 plugin=greeter from=7 version=2.0.0 kind=jdbc-driver undone=true"
              + " what=\"JDBC driver acme.Driver\" remedy=\"deregister it\"",
          judged(Verdict.COLLECTED),
          "event=collected swap=3 plugin=greeter from=7 version=2.0.0 after=61000ms",
          new SwapEvent.PathFound(
              3,
              AT,
              OLD,
              new HoldingPath(
                  OLD, Verdict.HELD, "thread \"a\"", List.of("local acme.X"), "end it")),
          "event=holding-path swap=3 plugin=greeter from=7 version=2.0.0 path=\"held: greeter"
              + " generation 7 (2.0.0)  by  thread \\\"a\\\" -> local acme.X; remedy: end it\"",
          new SwapEvent.FellBack(3, AT, OLD, Optional.of(NEW), "it \"broke\""),
          "event=fell-back swap=3 plugin=greeter from=7 version=2.0.0 to=8"
              + " why=\"it \\\"broke\\\"\"",
          new SwapEvent.Refused(3, AT, new Refusal.Closing("greeter")),
          "event=refused swap=3 what=\"greeter\" message=\"refused greeter: the host is closed or"
              + " closing; nothing has changed. Open the host again, then swap.\"",
          new SwapEvent.Unchanged(3, AT, OLD),
          "event=unchanged swap=3 plugin=greeter current=7 reason=\"the same bytes\"",
          withdrawn("stopped by thread x"),
          "event=withdrawn swap=0 plugin=greeter from=7 version=2.0.0"
              + " cause=\"stopped by thread x\" started=9 returned=5 threw=2");

  private static Map<SwapEvent, String> lines(Object... eventsAndLines) {
    Map<SwapEvent, String> lines = new HashMap<>();
    for (int i = 0; i < eventsAndLines.length; i += 2) {
      lines.put((SwapEvent) eventsAndLines[i], (String) eventsAndLines[i + 1]);
    }
    return lines;
  }

  private static SwapEvent.DrainOverdue overdue(Calls calls, Holder... holders) {
    return new SwapEvent.DrainOverdue(3, AT, OLD, Duration.ofSeconds(30), calls, List.of(holders));
  }

  private static SwapEvent.Judged judged(Verdict verdict) {
    return new SwapEvent.Judged(3, AT, OLD, verdict, Duration.ofSeconds(61));
  }

  @Test
  void verdictsHaveLinesOfTheirOwnNames() {
    assertThat(EventLog.line(judged(Verdict.HELD)))
        .isEqualTo("event=held swap=3 plugin=greeter from=7 version=2.0.0 after=61000ms");
    assertThat(EventLog.line(judged(Verdict.SOFTLY_HELD))).startsWith("event=softly-held swap=3 ");
  }

  private static SwapEvent.Forced forced(Holder... holders) {
    Calls calls = new Calls(9, 5, 2);
    return new SwapEvent.Forced(3, AT, OLD, Duration.ofSeconds(30), calls, List.of(holders));
  }

  private static SwapEvent.Withdrawn withdrawn(String cause, Holder... holders) {
    return new SwapEvent.Withdrawn(0, AT, OLD, cause, new Calls(9, 5, 2), List.of(holders));
  }

  @Test
  void thoseWhomSomebodysStopLeftInsideAreLoggedAfterItsLine() {
    List<String> texts = EventLog.texts(withdrawn("stopped by thread x", HOLDER, HOLDER));
    assertThat(texts).hasSize(3);
    assertThat(texts.subList(1, 3))
        .allSatisfy(
            text ->
                assertThat(text)
                    .startsWith("event=drain-holder swap=0 plugin=greeter from=7")
                    .contains("thread=\"worker-1\"", "\n\tat acme.Work.run(Work.java:7)"));
  }

  @Test
  void thoseWhoAreCutOffByForceAreLoggedAfterItsLine() {
    assertThat(EventLog.texts(forced(HOLDER)))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("event=drain-holder ");
  }

  @Test
  void holderOfAnOverdueDrainHasItsLineAndItsStack() {
    assertThat(EventLog.lines(overdue(new Calls(1, 0, 0), HOLDER), HOLDER))
        .isEqualTo(
            "event=drain-holder swap=3 plugin=greeter from=7 version=2.0.0 kind=lease"
                + " thread=\"worker-1\" id=31 virtual=true age-at-least=42000ms"
                + "\n\tat acme.Work.run(Work.java:7)"
                + "\n\tat acme.Main.main(Main.java:1)");
  }

  @Test
  void longStackIsCutAndSaysHowMuchIsMissing() {
    Holder deep =
        new Holder(
            OLD,
            Holder.Kind.CALL,
            "a",
            1,
            false,
            Optional.empty(),
            Collections.nCopies(25, "acme.Work.run(Work.java:7)"));

    assertThat(EventLog.lines(overdue(new Calls(1, 0, 0), deep), deep).lines())
        .hasSize(22)
        .last()
        .isEqualTo("\t... 5 more");
  }

  @Test
  void holdersOfAnOverdueDrainAreLoggedAfterItsLine() {
    assertThat(EventLog.texts(overdue(new Calls(9, 5, 2), HOLDER, HOLDER)))
        .hasSize(3)
        .satisfies(texts -> assertThat(texts.get(0)).startsWith("event=drain-overdue "))
        .satisfies(texts -> assertThat(texts.get(2)).startsWith("event=drain-holder "));
  }

  @Test
  void callsInFlightThatNobodyIsNamedForAreCountedWithTheWayToNameThem() {
    assertThat(EventLog.line(overdue(new Calls(9, 5, 2), HOLDER)))
        .contains(" in-flight=2 unnamed=1 message=\"", "lease.tracking=true");
  }

  static Stream<Class<?>> kinds() {
    return Arrays.stream(SwapEvent.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindOfEventHasItsLine(Class<?> kind) {
    Map<Class<?>, SwapEvent> examples =
        LINES.keySet().stream().collect(Collectors.toMap(SwapEvent::getClass, Function.identity()));
    assertThat(examples).as("a kind without a line in this test").containsKey(kind);
    SwapEvent event = examples.get(kind);
    assertThat(EventLog.line(event)).isEqualTo(LINES.get(event));
  }

  @Test
  void whatOthersWroteIsQuotedAndStaysOnItsLine() {
    Refusal hostile =
        new Refusal.StartFailed(
            "a \"b\" 1.0", "x\\\r\nevent=published swap=9\tplugin=y\u2028z", Optional.empty());
    String line = EventLog.line(new SwapEvent.Refused(3, AT, hostile));
    assertThat(line)
        .startsWith(
            "event=refused swap=3 what=\"a \\\"b\\\" 1.0\" message=\"refused a \\\"b\\\" 1.0:")
        .contains("x\\\\\\r\\nevent=published swap=9 plugin=y z")
        .doesNotContainPattern("\\p{Cntrl}");
    Holder forger =
        new Holder(OLD, Holder.Kind.CALL, "t\"\nevent=x", 1, false, Optional.empty(), List.of());
    assertThat(EventLog.lines(overdue(new Calls(1, 0, 0), forger), forger))
        .contains(" thread=\"t\\\"\\nevent=x\" id=1");
    assertThat(EventLog.line(withdrawn("by \"x\""))).contains(" cause=\"by \\\"x\\\"\" started=");
  }

  @Test
  void publishOfAFirstGenerationAndUnloadSayNone() {
    assertThat(
            EventLog.line(
                new SwapEvent.Published(1, AT, "greeter", Optional.empty(), Optional.of(NEW))))
        .endsWith("from=none to=8");
    assertThat(
            EventLog.line(
                new SwapEvent.Published(1, AT, "greeter", Optional.of(OLD), Optional.empty())))
        .endsWith("from=7 to=none");
  }
}
