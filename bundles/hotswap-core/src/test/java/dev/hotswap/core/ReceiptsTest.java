package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Step;
import dev.hotswap.api.Timings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept of swaps, and how a receipt becomes whole. */
class ReceiptsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
  private static final Generation OLD = new Generation("p", 1, "1", "x");
  private static final Generation NEW = new Generation("p", 2, "2", "y");

  private final Receipts receipts = new Receipts(InstantSource.fixed(NOW), step -> {});

  private static Receipt receipt(long id, Generation from, Generation to) {
    Receipt.Change change =
        new Receipt.Change("p", Optional.of(from), Optional.of(to), List.of(), Optional.empty());
    Duration zero = Duration.ZERO;
    return new Receipt(
        id,
        new Receipt.Request(Receipt.Verb.SWAP, Asked.here(), NOW, List.of()),
        Mode.SIDE_BY_SIDE,
        Optional.empty(),
        from == to ? Receipt.Outcome.UNCHANGED : Receipt.Outcome.SWAPPED,
        Optional.empty(),
        List.of(change),
        new Timings(zero, zero, zero, zero, zero, zero, zero, zero),
        zero);
  }

  private static Retirement standingBy() {
    return new Retirement(
        OLD, new Calls(3, 2, 1), 1, Duration.ZERO, List.of(), Duration.ZERO, List.of(), List.of());
  }

  private static Refusal refusal() {
    return new Refusal.Failed("p 2", "for a test");
  }

  @Test
  void theLastHundredAreKeptNewestFirst() {
    for (long id = 1; id <= Receipts.MOST + 3; id++) {
      receipts.keep(receipt(id, OLD, NEW), 1);
    }
    assertThat(receipts.last()).hasSize(Receipts.MOST);
    assertThat(receipts.last().get(0).id()).isEqualTo(Receipts.MOST + 3);
    assertThat(receipts.of(4)).isPresent();
    assertThat(receipts.of(3)).isEmpty();
  }

  @Test
  void aKeptReceiptBecomesWholeAsItsGenerationsLeave() {
    RunningSwap swap = receipts.keep(receipt(1, OLD, NEW), 1);
    assertThat(receipts.of(1).orElseThrow().retirement()).isEmpty();
    swap.retired(standingBy());
    assertThat(receipts.of(1).orElseThrow().retirement()).hasValue(standingBy());
  }

  @Test
  void whatIsReclaimedAfterItStoodByIsAddedToTheReceiptOfTheSwapThatItLeftBy() {
    receipts.keep(receipt(1, OLD, NEW), 1).retired(standingBy());
    receipts.keep(receipt(2, NEW, new Generation("p", 3, "3", "z")), 1);
    receipts.reclaimed(OLD, "p 1 [bundle 7]");
    assertThat(receipts.of(1).orElseThrow().retirement().orElseThrow().reclaimed())
        .containsExactly("p 1 [bundle 7]");
    assertThat(receipts.of(2).orElseThrow().retirement()).isEmpty();
  }

  @Test
  void whatIsReclaimedBeforeItsRetirementIsNotedIsNotLost() {
    RunningSwap swap = receipts.keep(receipt(1, OLD, NEW), 1);
    receipts.reclaimed(OLD, "p 1 [bundle 7]");
    swap.retired(standingBy());
    assertThat(swap.receipt().retirement().orElseThrow().reclaimed())
        .containsExactly("p 1 [bundle 7]");
  }

  @Test
  void aSwapThatChangedNothingSawNobodyOff() {
    RunningSwap swap = receipts.keep(receipt(1, OLD, OLD), 0);
    receipts.keep(receipt(2, OLD, NEW), 1).retired(standingBy());
    receipts.reclaimed(OLD, "p 1 [bundle 7]");
    assertThat(swap.receipt().retirement()).isEmpty();
  }

  @Test
  void swapsAreNumberedWhenTheyNeedItAndPlansNever() {
    Draft early = receipts.swap(Asked.here(), Path.of("a.jar"));
    Draft late = receipts.draft(Receipt.Verb.UNLOAD, Asked.here());
    assertThat(late.id()).isEqualTo(1);
    assertThat(receipts.plan(Path.of("a.jar")).isKept()).isFalse();
    assertThat(early.id()).isEqualTo(2);
    assertThat(early.id()).isEqualTo(2);
  }

  @Test
  void aDraftSaysWhatWasAskedForByWhomWhenAndWhy() {
    Draft draft = receipts.swap(new Asked("ana", "ticket 12"), Path.of("a.jar"), Path.of("b.jar"));
    draft.read(1, new Jar(Path.of("store"), "p", "2", "digest", Map.of()));
    Receipt receipt = draft.refused(refusal(), List.of());
    assertThat(receipt.request())
        .isEqualTo(
            new Receipt.Request(
                Receipt.Verb.SWAP,
                new Asked("ana", "ticket 12"),
                NOW,
                List.of(
                    new Receipt.Source("a.jar", Optional.empty()),
                    new Receipt.Source("b.jar", Optional.of("digest")))));
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.REFUSED);
    assertThat(receipt.refusal()).hasValue(refusal());
    assertThat(receipt.plugin()).isEqualTo("p 2");
  }

  @Test
  void whoSaysNothingIsNamedByTheThread() {
    assertThat(Asked.here()).isEqualTo(new Asked(Thread.currentThread().getName(), ""));
  }

  @Test
  void aStepIsTimedFromItsBeginningToTheNextAndOthersAreZero() {
    long start = System.nanoTime();
    Draft draft = receipts.swap(Asked.here(), Path.of("a.jar"));
    draft.step(Step.READ);
    spin();
    draft.step(Step.CHECK);
    spin();
    draft.pause();
    spin();
    Timings timings = draft.refused(refusal(), List.of()).timings();
    assertThat(timings.read()).isPositive();
    assertThat(timings.check()).isPositive();
    assertThat(List.of(timings.plan(), timings.start(), timings.publish(), timings.probe()))
        .containsOnly(Duration.ZERO);
    assertThat(timings.total()).isLessThan(Duration.ofNanos(System.nanoTime() - start));
  }

  /** Until the clock has moved. */
  private static void spin() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < 1_000) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatContinuesADraftHasItsNumberAndAddsToItsTimes() {
    Draft staged = receipts.swap(Asked.here(), Path.of("a.jar"));
    staged.step(Step.READ);
    spin();
    staged.pause();
    long id = staged.id();
    Draft published = staged.again();
    published.continues(staged);
    published.step(Step.PUBLISH);
    Receipt receipt = published.refused(refusal(), List.of());
    assertThat(receipt.id()).isEqualTo(id);
    assertThat(receipt.timings().read()).isPositive();
  }

  @Test
  void theLongestHoldIsTheLongest() {
    Draft draft = receipts.swap(Asked.here(), Path.of("a.jar"));
    draft.held(Duration.ofMillis(3));
    draft.held(Duration.ofMillis(7));
    draft.held(Duration.ofMillis(5));
    assertThat(draft.refused(refusal(), List.of()).longestHold()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void aRefusalWithoutItsReasonAndASwapWithoutAChangeAreNoReceipts() {
    Receipt whole = receipt(1, OLD, NEW);
    assertThatThrownBy(() -> whole.with(List.of())).hasMessageContaining("SWAPPED without");
    assertThatThrownBy(
            () ->
                new Receipt(
                    1,
                    whole.request(),
                    whole.mode(),
                    whole.plan(),
                    Receipt.Outcome.REFUSED,
                    Optional.empty(),
                    List.of(),
                    whole.timings(),
                    Duration.ZERO))
        .hasMessageContaining("REFUSED with");
  }
}
