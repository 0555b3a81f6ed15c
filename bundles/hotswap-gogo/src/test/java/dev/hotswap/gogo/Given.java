package dev.hotswap.gogo;

import dev.hotswap.api.Answer;
import dev.hotswap.api.Asked;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Timings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the fakes show: a plugin {@code rules}, of which 2.0.0 has taken the place of 1.0.0. */
final class Given {
  static final Generation FIRST = generation(1);
  static final Generation SECOND = generation(2);
  static final Refusal REFUSAL =
      new Refusal.Unresolvable(
          "rules 3.0.0", List.of("nothing exports com.acme.clock"), Optional.of(SECOND));
  static final Holder HOLDER =
      new Holder(
          FIRST,
          Holder.Kind.CALL,
          "http-7",
          42,
          false,
          Optional.of(Duration.ofSeconds(3)),
          List.of("com.acme.Slow.evaluate(Slow.java:7)"));

  private Given() {}

  static Generation generation(long number) {
    return new Generation("rules", number, number + ".0.0", "ab".repeat(32));
  }

  /** The first draining with a call that is known and one that is not, the second current. */
  static Snapshot snapshot() {
    return new Snapshot(
        FakeSwapper.NOON,
        List.of(
            new Snapshot.Plugin(
                "rules",
                List.of(
                    live(FIRST, Stage.DRAINING, new Calls(12, 9, 1), List.of(HOLDER)),
                    live(SECOND, Stage.CURRENT, new Calls(1500, 1500, 0), List.of())))),
        List.of(new Snapshot.Tainted(generation(9), FakeSwapper.NOON, new Calls(3, 1, 0))));
  }

  static Snapshot.Live live(Generation generation, Stage stage, Calls calls, List<Holder> holders) {
    Asked asked = new Asked("bob", "release");
    return new Snapshot.Live(
        generation,
        stage,
        calls,
        holders,
        generation.equals(SECOND) ? Optional.of(asked) : Optional.empty());
  }

  static Receipt swapped() {
    Answer answer =
        new Answer("com.acme.Rules", "com.acme.Tripling", "rules", Optional.of(SECOND), SECOND);
    Retirement left =
        new Retirement(
            FIRST,
            new Calls(12, 11, 1),
            0,
            Duration.ofMillis(250),
            List.of(),
            Duration.ofMillis(2),
            List.of(),
            List.of());
    return receipt(
        7,
        Receipt.Outcome.SWAPPED,
        Optional.empty(),
        List.of(
            new Receipt.Change(
                "rules",
                Optional.of(FIRST),
                Optional.of(SECOND),
                List.of(answer),
                Optional.of(left))));
  }

  static Receipt refused() {
    return receipt(8, Receipt.Outcome.REFUSED, Optional.of(REFUSAL), List.of());
  }

  private static Receipt receipt(
      long id, Receipt.Outcome outcome, Optional<Refusal> refusal, List<Receipt.Change> changes) {
    Duration each = Duration.ofMillis(10);
    return new Receipt(
        id,
        new Receipt.Request(
            Receipt.Verb.SWAP,
            new Asked("bob", "release"),
            FakeSwapper.NOON,
            List.of(new Receipt.Source("/tmp/rules.jar", Optional.empty()))),
        Mode.SIDE_BY_SIDE,
        Optional.empty(),
        outcome,
        refusal,
        changes,
        new Timings(each, each, each, each, each, each, each, each),
        Duration.ZERO);
  }
}
