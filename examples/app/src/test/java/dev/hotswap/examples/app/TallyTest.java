package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.examples.rules.Answer;
import dev.hotswap.examples.rules.RulesData;
import dev.hotswap.examples.rules.Stamp;
import dev.hotswap.examples.rules.Verdict;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally(0);

  @Test
  void anAnswerOfTheNewestObjectIsCountedAndNothingElse() {
    tally.returned(answer(new Stamp("1.0.0", 5), new Stamp("1.0.0", 5)), tally.horizon());

    assertThat(tally.calls()).isOne();
    assertThat(tally.failed() + tally.stale() + tally.mixed()).isZero();
    assertThat(tally.firstFailure()).isEmpty();
  }

  @Test
  void aCallThatBeganAfterASwapMustNotBeAnsweredByOlderCode() {
    tally.swapReturned(10);
    tally.returned(answer(new Stamp("1.0.0", 9), new Stamp("1.0.0", 9)), tally.horizon());

    assertThat(tally.stale()).isOne();
  }

  @Test
  void aCallThatBeganBeforeTheSwapReturnedMayBeAnsweredByEither() {
    long before = tally.horizon();
    tally.swapReturned(10);
    tally.returned(answer(new Stamp("1.0.0", 9), new Stamp("1.0.0", 9)), before);
    tally.returned(answer(new Stamp("2.0.0", 12), new Stamp("2.0.0", 12)), before);

    assertThat(tally.stale()).isZero();
  }

  @Test
  void twoObjectsOfOneVersionAreAMixToo() {
    tally.returned(answer(new Stamp("1.0.0", 5), new Stamp("1.0.0", 6)), tally.horizon());

    assertThat(tally.mixed()).isOne();
  }

  @Test
  void aCallThatThrewCountsAsACallAndItsTextIsKept() {
    tally.threw(new IllegalStateException("first"));
    tally.threw(new IllegalStateException("second"));

    assertThat(tally.calls()).isEqualTo(2);
    assertThat(tally.failed()).isEqualTo(2);
    assertThat(tally.firstFailure()).contains("java.lang.IllegalStateException: first");
  }

  private static Answer answer(Stamp data, Stamp verdict) {
    return new Answer(new RulesData(data, "", 0), new Verdict(verdict, 0));
  }
}
