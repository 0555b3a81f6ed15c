package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Timings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A receipt in the making: what a swap notes of itself on its way. Used by one thread at a time.
 */
final class Draft {
  private final Receipt.Request request;
  private final LongSupplier numbers;
  private final boolean kept;
  private final Consumer<Step> told;
  private final List<Receipt.Source> files;
  private final Map<Step, Long> nanos = new EnumMap<>(Step.class);
  private Optional<Plan> plan = Optional.empty();
  private Optional<Step> step = Optional.empty();
  private Duration longestHold = Duration.ZERO;
  private long since;
  private long id;
  private boolean steadfast;

  /**
   * @param request what was asked for
   * @param numbers gives the swap its number, once it needs one
   * @param kept whether its receipt is; there is none of what is no swap
   * @param told every step as it begins
   */
  Draft(Receipt.Request request, LongSupplier numbers, boolean kept, Consumer<Step> told) {
    this.request = request;
    this.numbers = numbers;
    this.kept = kept;
    this.told = told;
    this.files = new ArrayList<>(request.files());
    step(Step.TURN);
  }

  /** The same swap, asked to go on; who goes on with it may say so by {@link #continues}. */
  Draft again() {
    return new Draft(request, numbers, kept, told);
  }

  /** It is what follows on that one, under its number. */
  void continues(Draft first) {
    id = first.id();
    plan = first.plan;
    files.clear();
    files.addAll(first.files);
    first.nanos.forEach((timed, took) -> nanos.merge(timed, took, Long::sum));
  }

  /** Nobody's interrupt ends it: a restart, and a way back. */
  Draft steadfast() {
    steadfast = true;
    return this;
  }

  /** Whether an interrupt of the thread that carries it out is to be heeded. */
  boolean heedsInterrupts() {
    return !steadfast;
  }

  /** Whether its asker was interrupted, and so wishes it no more; the flag is left as it is. */
  boolean isInterrupted() {
    return heedsInterrupts() && Thread.currentThread().isInterrupted();
  }

  /** To be thrown where its asker wishes it no more. */
  static SwapRefusedException interrupted(Subject subject) {
    return interrupted(
        subject.what(),
        subject.stands().map(old -> old.label() + " stays current").orElse("nothing has changed"));
  }

  static SwapRefusedException interrupted(String what, String state) {
    String reason = "who asked for it was interrupted before it was published";
    return new SwapRefusedException(new Refusal.Failed(what, reason, state));
  }

  Asked asked() {
    return request.asked();
  }

  /** Whether it is a swap's, and so comes to a receipt. */
  boolean isKept() {
    return kept;
  }

  /** The swap's number; the first who asks has it drawn. */
  long id() {
    if (id == 0) {
      id = numbers.getAsLong();
    }
    return id;
  }

  /** A step begins, and the one before ends; one may come back and goes on adding. */
  void step(Step next) {
    pause();
    step = Optional.of(next);
    told.accept(next);
  }

  /** The step under way ends, and nothing is timed until the next. */
  void pause() {
    long now = System.nanoTime();
    step.ifPresent(ended -> nanos.merge(ended, now - since, Long::sum));
    step = Optional.empty();
    since = now;
  }

  /** The file of that place in the request was read. */
  void read(int place, Jar jar) {
    files.set(place, new Receipt.Source(files.get(place).file(), Optional.of(jar.sha256())));
  }

  void plan(SetPlan planned) {
    plan = Optional.of(told(planned));
  }

  /** The plan with the names of the files that were asked for. */
  Plan told(SetPlan planned) {
    Map<String, String> names = new HashMap<>();
    for (Receipt.Source source : files) {
      String name = Path.of(source.file()).getFileName().toString();
      source.sha256().ifPresent(sha256 -> names.putIfAbsent(sha256, name));
    }
    return planned.toldOf(names);
  }

  /** A call was held for so long. */
  void held(Duration hold) {
    longestHold = hold.compareTo(longestHold) > 0 ? hold : longestHold;
  }

  /**
   * @param changes what was published, and answered
   * @param gone what left with it, and nothing took its place
   */
  Receipt done(Receipt.Outcome outcome, List<Change> changes, List<LiveGeneration> gone) {
    List<Receipt.Change> told = new ArrayList<>();
    changes.forEach(change -> told.add(change.told()));
    for (LiveGeneration old : gone) {
      told.add(change(Optional.of(old.generation()), Optional.empty()));
    }
    return receipt(outcome, Optional.empty(), told);
  }

  /** It was recorded as current, and nothing of it was up. */
  Receipt forgotten(Generation recorded) {
    return receipt(
        Receipt.Outcome.UNLOADED,
        Optional.empty(),
        List.of(change(Optional.of(recorded), Optional.empty())));
  }

  /** All that was asked for is current already. */
  Receipt unchanged(List<Generation> current) {
    List<Receipt.Change> told =
        current.stream().map(same -> change(Optional.of(same), Optional.of(same))).toList();
    return receipt(Receipt.Outcome.UNCHANGED, Optional.empty(), told);
  }

  private static Receipt.Change change(Optional<Generation> from, Optional<Generation> to) {
    String plugin = from.or(() -> to).orElseThrow().plugin();
    return new Receipt.Change(plugin, from, to, List.of(), Optional.empty());
  }

  /**
   * @param sentBack from what was published and did not answer to what was current and is again
   */
  Receipt refused(Refusal refusal, List<Receipt.Change> sentBack) {
    return receipt(Receipt.Outcome.REFUSED, Optional.of(refusal), sentBack);
  }

  private Receipt receipt(
      Receipt.Outcome outcome, Optional<Refusal> refusal, List<Receipt.Change> changes) {
    pause();
    return new Receipt(
        id(),
        new Receipt.Request(request.verb(), request.asked(), request.at(), files),
        plan.map(Plan::mode).orElse(Mode.SIDE_BY_SIDE),
        plan,
        outcome,
        refusal,
        changes,
        timings(),
        longestHold);
  }

  private Timings timings() {
    return new Timings(
        took(Step.TURN).plus(took(Step.PLACE)),
        took(Step.READ),
        took(Step.PLAN),
        took(Step.PREPARE),
        took(Step.START),
        took(Step.CHECK),
        took(Step.HOLD).plus(took(Step.PUBLISH)),
        took(Step.PROBE));
  }

  private Duration took(Step timed) {
    return Duration.ofNanos(nanos.getOrDefault(timed, 0L));
  }
}
