package dev.hotswap.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The record of one swap, done or refused. Values and text only: it holds nothing of a plugin.
 *
 * @param id numbers the swaps of one host, from 1, the refused ones with the others
 * @param request what was asked for
 * @param mode how it was done, or would have been
 * @param plan what it was going to do; empty where it was refused before that was known, at an
 *     unload
 * @param outcome what the swap came to
 * @param refusal why it did not happen; present exactly where the outcome is {@link
 *     Outcome#REFUSED}
 * @param changes one for each plugin that it changed, those first that others are wired to. Empty
 *     where it was refused, unless new generations had been published and did not answer: then each
 *     of these leads from the new one back to the old one
 * @param timings how long its steps took
 * @param longestHold for how long callers were held up, the longest time in a row: from when new
 *     calls had to wait until they were released. No call waited longer, but for its own waking;
 *     zero where none had to
 */
public record Receipt(
    long id,
    Request request,
    Mode mode,
    Optional<Plan> plan,
    Outcome outcome,
    Optional<Refusal> refusal,
    List<Change> changes,
    Timings timings,
    Duration longestHold) {
  public Receipt {
    changes = List.copyOf(changes);
    if (refusal.isPresent() != (outcome == Outcome.REFUSED)) {
      throw new IllegalArgumentException(outcome + " with the refusal " + refusal);
    }
    if (refusal.isEmpty() && changes.isEmpty()) {
      throw new IllegalArgumentException(outcome + " without a change");
    }
  }

  /** What a swap came to. */
  public enum Outcome {
    /** The new generations answer. */
    SWAPPED,
    /** The files have the very bytes that are current: nothing was done. */
    UNCHANGED,
    /** The generations before answer again, under new numbers. */
    ROLLED_BACK,
    /** The new generations answered, but the old ones were published again while they drained. */
    REVERSED,
    /** The plugin was unloaded; nothing took its place. */
    UNLOADED,
    /** It did not happen: what was current still is. */
    REFUSED
  }

  /** What can be asked for. */
  public enum Verb {
    /** A swap, at once or by way of a staged set. */
    SWAP,
    /** The undoing of a swap. */
    ROLLBACK,
    /** Taking a plugin away. */
    UNLOAD
  }

  /**
   * What was asked for.
   *
   * @param verb what to do
   * @param asked who asked, and why
   * @param at when
   * @param files the files to swap, as they were named; empty where the verb takes a plugin
   */
  public record Request(Verb verb, Asked asked, Instant at, List<Source> files) {
    public Request {
      files = List.copyOf(files);
    }
  }

  /**
   * A file to swap.
   *
   * @param file its path, as it was named
   * @param sha256 of its bytes; empty where it was not read or is no bundle
   */
  public record Source(String file, Optional<String> sha256) {}

  /**
   * What became of one plugin.
   *
   * @param plugin the bundle symbolic name
   * @param from the generation that was current before; empty on first deployment
   * @param to the generation that took its place; empty after an unload
   * @param answers proof that new code answered, one for each contract that was asked for; empty
   *     where the plugin offers no service or nothing was published
   * @param retirement how {@code from} left, or, of a swap that was reversed, how {@code to} did;
   *     empty until it has
   */
  public record Change(
      String plugin,
      Optional<Generation> from,
      Optional<Generation> to,
      List<Answer> answers,
      Optional<Retirement> retirement) {
    public Change {
      answers = List.copyOf(answers);
    }

    /** Every {@link #answers() answer} in a few words; empty where there is none. */
    public Optional<String> answeredBy() {
      return answers.isEmpty()
          ? Optional.empty()
          : Optional.of(answers.stream().map(Answer::label).collect(Collectors.joining(", ")));
    }

    /** The same, now that one of the two has left. */
    public Change retired(Retirement how) {
      return new Change(plugin, from, to, answers, Optional.of(how));
    }
  }

  /** The change of that plugin, if the swap made one. */
  public Optional<Change> change(String plugin) {
    return changes.stream().filter(change -> change.plugin().equals(plugin)).findFirst();
  }

  /** The same with other changes. */
  public Receipt with(List<Change> others) {
    return new Receipt(id, request, mode, plan, outcome, refusal, others, timings, longestHold);
  }

  /** The same swap, now that its old generations were published again. */
  public Receipt reversed() {
    return new Receipt(
        id, request, mode, plan, Outcome.REVERSED, refusal, changes, timings, longestHold);
  }

  /**
   * The plugin of the first change: the only one, where one file was swapped. Of a refused swap
   * what the refusal speaks about.
   */
  public String plugin() {
    return refusal.map(Refusal::what).orElseGet(() -> changes.get(0).plugin());
  }

  /** As {@link Change#from()} of the first change, if there is one. */
  public Optional<Generation> from() {
    return changes.stream().findFirst().flatMap(Change::from);
  }

  /** As {@link Change#to()} of the first change, if there is one. */
  public Optional<Generation> to() {
    return changes.stream().findFirst().flatMap(Change::to);
  }

  /** As {@link Change#answeredBy()} of the first change, if there is one. */
  public Optional<String> answeredBy() {
    return changes.stream().findFirst().flatMap(Change::answeredBy);
  }

  /** As {@link Change#retirement()} of the first change, if there is one. */
  public Optional<Retirement> retirement() {
    return changes.stream().findFirst().flatMap(Change::retirement);
  }
}
