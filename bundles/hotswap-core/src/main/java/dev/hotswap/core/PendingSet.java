package dev.hotswap.core;

import dev.hotswap.api.Plan;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Swap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A staged set in the hands of whoever asked for it. Thread-safe. */
final class PendingSet implements StagedSet {
  private final Draft draft;
  private final String what;
  private final Takeover.Publishable made;
  private final Departure.Terms terms;
  private final Turns turns;
  private final Takeover takeover;
  private final AtomicBoolean ended = new AtomicBoolean();

  /**
   * @param draft of its staging
   * @param what it is, for a refusal
   * @param made what is staged, and what is recorded with its publish
   * @param terms of the drains that follow on its publish
   */
  PendingSet(
      Draft draft,
      String what,
      Takeover.Publishable made,
      Departure.Terms terms,
      Turns turns,
      Takeover takeover) {
    this.draft = draft;
    this.what = what;
    this.made = made;
    this.terms = terms;
    this.turns = turns;
    this.takeover = takeover;
  }

  @Override
  public Plan plan() {
    return draft.told(made.ready().plan());
  }

  @Override
  public Swap publish() {
    Draft next = draft.again();
    return turns.take(what, next, () -> publishOnce(next));
  }

  private Swap publishOnce(Draft next) {
    if (!ended.compareAndSet(false, true)) {
      throw takeover.stale(what, made.ready(), "it was published or discarded before");
    }
    next.continues(draft);
    return takeover.runLater(next, terms, made, what);
  }

  @Override
  public void discard() {
    boolean first = ended.compareAndSet(false, true);
    if (first && !made.changes().isEmpty() && !turns.isClosing()) {
      takeover.discard(draft, made.ready());
    }
  }
}
