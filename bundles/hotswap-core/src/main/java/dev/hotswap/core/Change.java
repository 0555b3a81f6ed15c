package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import java.util.Optional;
import java.util.Set;

/** One plugin's part in a swap. Used by one thread at a time. */
final class Change {
  private final SetPlan.Member member;
  private final LiveGeneration next;
  private final Subject subject;
  private final Set<Class<?>> needed;
  private Optional<String> answeredBy = Optional.empty();

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

  /** Whether somebody is to call it: a library offers nothing. */
  boolean mustOffer() {
    return !member.isLibrary() || !needed.isEmpty();
  }

  void answeredBy(String proof) {
    answeredBy = Optional.of(proof);
  }

  Receipt.Change told() {
    Optional<Generation> from = old().map(LiveGeneration::generation);
    return new Receipt.Change(
        plugin(), from, Optional.of(next.generation()), answeredBy, Optional.empty());
  }
}
