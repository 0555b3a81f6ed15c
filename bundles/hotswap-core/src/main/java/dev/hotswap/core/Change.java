package dev.hotswap.core;

import dev.hotswap.api.Answer;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One plugin's part in a swap. Used by one thread at a time. */
final class Change {
  private final SetPlan.Member member;
  private final LiveGeneration next;
  private final Subject subject;
  private final Set<Class<?>> needed;
  private final boolean handsStateOver;
  private List<Answer> answers = List.of();

  /**
   * @param next its new generation
   * @param subject what a refusal would speak about
   * @param needed the contracts for which callers are answered by the generation it replaces
   */
  Change(SetPlan.Member member, LiveGeneration next, Subject subject, Set<Class<?>> needed) {
    this.member = member;
    this.next = next;
    this.subject = subject;
    this.needed = needed;
    this.handsStateOver = member.state() == Plan.State.HANDED_OVER; // before the old one is stopped
  }

  String plugin() {
    return member.jar().plugin();
  }

  Jar jar() {
    return member.jar();
  }

  Optional<LiveGeneration> old() {
    return member.replaces();
  }

  LiveGeneration next() {
    return next;
  }

  Subject subject() {
    return subject;
  }

  Set<Class<?>> needed() {
    return needed;
  }

  SetPlan.Member member() {
    return member;
  }

  /** Whether the old one has to be stopped before the new one is started. */
  boolean isOneAfterTheOther() {
    return member.isOneAfterTheOther();
  }

  /** Whether the old one's state goes to the new one. */
  boolean handsStateOver() {
    return handsStateOver;
  }

  /** Whether callers are held for it. */
  boolean isHeld() {
    return isOneAfterTheOther() || handsStateOver();
  }

  /** Whether somebody is to call it: a library offers nothing. */
  boolean mustOffer() {
    return !member.isLibrary() || !needed.isEmpty();
  }

  void answers(List<Answer> proof) {
    answers = List.copyOf(proof);
  }

  Receipt.Change told() {
    Optional<Generation> from = old().map(LiveGeneration::generation);
    return new Receipt.Change(
        plugin(), from, Optional.of(next.generation()), answers, Optional.empty());
  }

  /**
   * The way back, where it did not answer.
   *
   * @param stands what answers again
   */
  Receipt.Change sentBack(Optional<Generation> stands) {
    return new Receipt.Change(
        plugin(), Optional.of(next.generation()), stands, List.of(), Optional.empty());
  }
}
