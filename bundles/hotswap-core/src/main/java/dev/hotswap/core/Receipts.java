package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Step;
import dev.hotswap.api.Verdict;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The numbers of all swaps, and the receipts of the last of them. Thread-safe. */
final class Receipts {
  /** That many are kept; they are values and text, but a hundred stacks are text too. */
  static final int MOST = 100;

  private final InstantSource clock;
  private final Consumer<Step> steps;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentNavigableMap<Long, RunningSwap> kept =
      new ConcurrentSkipListMap<>(Comparator.reverseOrder());

  /**
   * @param steps is told each step of each swap, on its asker's thread
   */
  Receipts(InstantSource clock, Consumer<Step> steps) {
    this.clock = clock;
    this.steps = steps;
  }

  /** Begins the receipt of a swap of files. */
  Draft swap(Asked asked, Path... jars) {
    return draft(Receipt.Verb.SWAP, asked, jars);
  }

  /** Begins the receipt of what takes a plugin's name. */
  Draft draft(Receipt.Verb verb, Asked asked, Path... jars) {
    return new Draft(request(verb, asked, jars), numbers::incrementAndGet, true, steps);
  }

  /** A draft for a plan, which is no swap: it has no number and is never kept. */
  Draft plan(Path... jars) {
    return new Draft(request(Receipt.Verb.SWAP, Asked.here(), jars), () -> 0, false, steps);
  }

  /** A draft for what is decided about a swap: told under its number, and never kept. */
  Draft decision(long swap) {
    return new Draft(request(Receipt.Verb.SWAP, Asked.here()), () -> swap, false, steps);
  }

  private Receipt.Request request(Receipt.Verb verb, Asked asked, Path... jars) {
    List<Receipt.Source> files =
        Arrays.stream(jars)
            .map(jar -> new Receipt.Source(jar.toString(), Optional.empty()))
            .toList();
    return new Receipt.Request(verb, asked, clock.instant(), files);
  }

  /**
   * Keeps the receipt of a swap that has come to its answer.
   *
   * @param leaving how many generations have to leave for it to be whole
   */
  RunningSwap keep(Receipt receipt, int leaving) {
    RunningSwap swap = new RunningSwap(receipt, leaving);
    kept.put(receipt.id(), swap);
    while (kept.size() > MOST) {
      kept.pollLastEntry();
    }
    return swap;
  }

  /** What a swap saw off has been reclaimed, now or long after it was drained. */
  void reclaimed(Generation generation, String bundle) {
    add(generation, retirement -> retirement.withReclaimed(bundle));
  }

  /** What a reclaimed generation had left behind. */
  void leftBehind(Generation generation, List<Leftover> leftovers) {
    add(generation, retirement -> retirement.withLeftovers(leftovers));
  }

  /** What has become of the classes of a reclaimed generation. */
  void judged(Generation generation, Verdict verdict) {
    add(generation, retirement -> retirement.withVerdict(verdict));
  }

  private void add(Generation generation, UnaryOperator<Retirement> more) {
    kept.values().forEach(swap -> swap.add(generation, more));
  }

  /** The swap by which a generation left, if its receipt is kept. */
  Optional<Long> leftBy(Generation generation) {
    return kept.values().stream()
        .filter(swap -> swap.seesOff(generation))
        .map(swap -> swap.receipt().id())
        .findFirst();
  }

  /** Newest first. */
  List<Receipt> last() {
    return kept.values().stream().map(RunningSwap::receipt).toList();
  }

  Optional<Receipt> of(long id) {
    return Optional.ofNullable(kept.get(id)).map(RunningSwap::receipt);
  }
}
